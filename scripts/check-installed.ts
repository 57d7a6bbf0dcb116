import { readFile } from 'node:fs/promises';
import { strayFrom } from './installed.ts';

// Part of `npm run deploy`: what goes to AWS is made of what the lockfile says, or not at all.
const most = 5;

const read = async (file: string) => JSON.parse(await readFile(file, 'utf8'));

const strays = strayFrom(
  await read('package.json'),
  await read('package-lock.json'),
  await read('node_modules/.package-lock.json').catch(() => ({ packages: {} })),
);
if (strays.length > 0) {
  const more = strays.length > most ? [`and ${strays.length - most} more`] : [];
  const lines = [...strays.slice(0, most), ...more].map((line) => `  ${line}`).join('\n');
  console.error(`What is installed is not what package-lock.json says; npm ci installs that:\n${lines}`);
  process.exitCode = 1;
}
