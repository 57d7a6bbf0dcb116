import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { strayFrom } from './installed.ts';

// Part of `npm run deploy`: refuses to deploy unless the installed packages match the committed lockfile.
const most = 5;

const read = async (file: string) => JSON.parse(await readFile(file, 'utf8'));

/** Whether the lockfile differs from the committed one; null without git or outside of a repository. */
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
  refuse(`The installed packages do not match package-lock.json. Run npm ci:\n${lines}`);
}
if (isChanged())
  refuse(
    'package-lock.json has uncommitted changes. Check git diff package-lock.json, then commit or discard them.',
  );
