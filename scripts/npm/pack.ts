import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { buildCreate, buildMain } from './build.ts';

// Usage: npm run pack. Builds both npm packages in dist/npm/, and their archives beside them.
const target = 'dist/npm';

const kB = (bytes: number): string => `${Math.round(bytes / 1000)} kB`;

/** Packs a package's folder into the folder above it; prints the size. */
const pack = (folder: string): void => {
  const args = ['pack', '--json', '--pack-destination', '..'];
  const [packed] = JSON.parse(execFileSync('npm', args, { cwd: folder, encoding: 'utf8' }));
  const { filename, size, unpackedSize, entryCount } = packed;
  console.log(`${filename}: ${entryCount} files, ${kB(size)} packed, ${kB(unpackedSize)} unpacked`);
};

const [main, create] = [join(target, 'rss-drafts'), join(target, 'create-rss-drafts')];
await buildMain(main);
await buildCreate(create);
pack(main);
pack(create);
