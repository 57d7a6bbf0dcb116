import { bundleAll } from './bundle.ts';

const kB = (bytes: number) => `${Math.round(bytes / 1000)} kB`.padStart(8);

const bundles = await bundleAll('dist', '{}');
for (const { name, bytes, zipBytes } of bundles)
  console.log(`${name.padEnd(16)}${kB(bytes)}${kB(zipBytes)} zipped`);
