import { readFileSync } from 'node:fs';
import { peers } from '../../local/peers.ts';

type Manifest = Record<string, unknown> & { name: string };

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

/** The version that is tested, and any later one with the same major version. */
const rangeOf = (version: string): string => `^${version}`;

/** The peers of the package rss-drafts, in the versions that the tests use. */
export const peerRanges = (): Record<string, string> => {
  const { devDependencies } = read('package.json');
  const names = Object.values(peers).flat().sort();
  return Object.fromEntries(names.map((name) => [name, rangeOf(devDependencies[name])]));
};

/** What the packages take over from the package.json of this repository, and add to their own in `packages/`. */
const shared = (folder: string) => {
  const { version, description, homepage, license } = read('package.json');
  return {
    version,
    description,
    homepage,
    repository: { type: 'git', url: `git+${homepage}.git`, directory: folder },
    license,
    engines: { node: '>=24' },
    publishConfig: { access: 'public', provenance: true },
  };
};

/** The published package.json of a folder in `packages/`. */
export const manifestOf = (folder: string): Manifest => {
  const own = read(`${folder}/package.json`);
  return { name: own.name, ...shared(folder), ...own };
};

/** The published package.json of rss-drafts: peers are optional, so that npm installs none on its own. */
export const mainManifest = (folder: string): Manifest => {
  const ranges = peerRanges();
  const optional = Object.keys(ranges).map((name) => [name, { optional: true }]);
  return {
    ...manifestOf(folder),
    peerDependencies: ranges,
    peerDependenciesMeta: Object.fromEntries(optional),
  };
};

/** The package.json of a new folder with feeds. The deploy tool is in it, because its workflow deploys. */
export const newFolderManifest = () => {
  const { version } = read('package.json');
  return {
    name: 'drafts',
    private: true,
    engines: { node: '>=24' },
    dependencies: { 'rss-drafts': rangeOf(version) },
    devDependencies: { osls: peerRanges().osls },
  };
};
