import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

/** A package whose code is in a bundle. */
type Bundled = { name: string; version: string; license: string; texts: string[] };

/** The folder of the package that a file belongs to; null for our own files. */
const folderOf = (file: string): string | null =>
  /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? null;

const textsIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => /^(?:licen[cs]e|notice|copying)/i.test(name))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8').trim());

/** The license text in a readme, for packages that have no file for it. */
const textInReadme = (folder: string): string[] => {
  const file = ['README.md', 'readme.md', 'Readme.md'].map((name) => join(folder, name)).find(existsSync);
  const found = file && /^#+ *licen[cs]e\b[\s\S]*$/im.exec(readFileSync(file, 'utf8'))?.[0];
  return found ? [found.trim()] : [];
};

const describe = (folder: string): Bundled => {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = [textsIn(folder), textInReadme(folder)].find(({ length }) => length > 0);
  const by = typeof author === 'string' ? author : author?.name;
  return { name, version, license, texts: texts ?? [`${license} license${by ? `, ${by}` : ''}`] };
};

/** Every package with code in the bundles, by name. Sorted, so that the same bundles yield the same list. */
export const bundledPackages = (metafiles: readonly Metafile[]): Bundled[] => {
  const used = metafiles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
    ),
  );
  const folders = new Set(used.flatMap((file) => folderOf(file) ?? []));
  const all = [...folders].map(describe).map((one) => [`${one.name}@${one.version}`, one] as const);
  return [...new Map(all.toSorted(([a], [b]) => (a < b ? -1 : 1))).values()];
};

/** The notices that must accompany the bundles. */
export const thirdPartyText = (packages: readonly Bundled[]): string =>
  [
    'This package contains code of the following packages, under their licenses.\n',
    ...packages.map(
      ({ name, version, license, texts }) =>
        `${'-'.repeat(80)}\n${name} ${version} (${license})\n\n${texts.join('\n\n')}\n`,
    ),
  ].join('\n');
