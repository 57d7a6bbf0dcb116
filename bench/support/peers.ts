import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const folder = new URL('../', import.meta.url).pathname;

/** Installs the packages in `bench/package.json` from its lockfile, unless already done. */
export const installPeers = (): void => {
  if (existsSync(`${folder}node_modules/rss-parser`)) return;
  console.log('Installing the packages in bench/package-lock.json …');
  execFileSync('npm', ['ci', '--silent'], { cwd: folder, stdio: 'inherit', timeout: 180_000 });
};
