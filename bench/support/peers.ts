import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const folder = new URL('../', import.meta.url).pathname;

/** Installs what `bench/package.json` names, from its lockfile, unless that was done before. */
export const installPeers = (): void => {
  if (existsSync(`${folder}node_modules/rss-parser`)) return;
  console.log('Installing the peers that bench/package-lock.json names …');
  execFileSync('npm', ['ci', '--silent'], { cwd: folder, stdio: 'inherit', timeout: 180_000 });
};
