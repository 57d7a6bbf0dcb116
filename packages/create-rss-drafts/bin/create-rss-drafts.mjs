#!/usr/bin/env node
import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const template = fileURLToPath(new URL('../template/', import.meta.url));

/** npm leaves files with these names out of packages. */
const unpacked = { gitignore: '.gitignore' };

const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(template, join(parentPath, name)))
    .sort();

const fail = (code, message) => {
  process.stderr.write(`${message}\n`);
  process.exit(code);
};

const usage = 'Usage: npm create rss-drafts@latest FOLDER';

const folderIn = (args) => {
  const [folder, ...others] = args;
  if (folder === '--help' || folder === '-h') {
    process.stdout.write(`${usage}\n`);
    process.exit();
  }
  if (folder === undefined || folder.startsWith('-') || others.length > 0) fail(2, usage);
  return folder;
};

const create = (folder) => {
  const files = filesIn(template).map((file) => [file, join(folder, unpacked[file] ?? file)]);
  const existing = files.map(([, target]) => target).filter((target) => existsSync(target));
  if (existing.length > 0)
    fail(1, `Nothing was written, because these files exist: ${existing.join(', ')}. Name another folder.`);
  for (const [file, target] of files) {
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(template, file), target);
  }
  return files.map(([, target]) => target);
};

const major = Number(process.versions.node.split('.')[0]);
if (major < 24)
  fail(
    1,
    `rss-drafts needs Node 24 or newer; this is Node ${process.versions.node}. Install it, for example with \`nvm install 24\`, then try again.`,
  );

const folder = folderIn(process.argv.slice(2));
const written = create(folder);
process.stdout.write(`${written.map((file) => `wrote ${file}`).join('\n')}

Next:
  cd ${folder}
  npm install
  npx rss-drafts init --url www.example.com --brand 144   # your site, and your brand in Dash Social
  npx rss-drafts check
`);
