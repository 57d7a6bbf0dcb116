import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { strayFrom } from './installed.ts';

// Part of `npm run deploy`: what goes to AWS is made of what the lockfile says, as it is committed, or not at all.
const most = 5;

const read = async (file: string) => JSON.parse(await readFile(file, 'utf8'));

/** Whether the lockfile is another than the commit's; without git, or outside of a repository, nobody knows. */
const isChanged = () =>
  spawnSync('git', ['diff', '--quiet', 'HEAD', '--', 'package-lock.json'], { stdio: 'ignore' }).status === 1;

const refuse = (why: string) => {
  console.error(why);
  process.exitCode = 1;
};

const strays = strayFrom(
  await read('package.json'),
  await read('package-lock.json'),
  await read('node_modules/.package-lock.json').catch(() => ({ packages: {} })),
);
if (strays.length > 0) {
  const more = strays.length > most ? [`and ${strays.length - most} more`] : [];
  const lines = [...strays.slice(0, most), ...more].map((line) => `  ${line}`).join('\n');
  refuse(`What is installed is not what package-lock.json says; npm ci installs that:\n${lines}`);
}
if (isChanged())
  refuse(
    'package-lock.json is not as it was committed: look at git diff package-lock.json, then commit it or take it back.',
  );
