import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { permanent } from '../lib/core/errors.ts';
import { isInstalledHere, ourFile } from './our-files.ts';

const Versions = v.optional(v.record(v.string(), v.string()), {});
const Manifest = v.object({
  name: v.string(),
  version: v.string(),
  peerDependencies: Versions,
  devDependencies: Versions,
});

/** Packages that the npm package does not contain, because most commands work without them. */
export const peers = {
  emulators: ['dynalite', 'fauxqs', 'level'],
  deploy: ['osls'],
} as const;
type Group = keyof typeof peers;

const needs: Record<Group, string> = {
  emulators: 'Data on this machine needs',
  deploy: 'Packaging and deploying need',
};

const isInstalled = (name: string): boolean => {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
};

/**
 * The command that installs these packages in the versions that this release was tested with, and the program beside
 * them unless it is there.
 */
const installLine = (names: readonly string[], cwd: string): string => {
  const written = JSON.parse(readFileSync(ourFile('package.json'), 'utf8'));
  const { name, version, peerDependencies, devDependencies } = v.parse(Manifest, written);
  const wanted = { ...devDependencies, ...peerDependencies };
  const program = isInstalledHere(cwd) ? [] : [`${name}@${version}`];
  const others = names.map((peer) => `${peer}@${/\d+/.exec(wanted[peer] ?? '')?.[0] ?? 'latest'}`);
  return `npm install ${[...program, ...others].join(' ')}`;
};

/**
 * Checks that the packages of a group are installed; nothing is installed on its own. Throws permanent
 * `cli.package-missing` with the command that installs what is missing.
 */
export const requirePeers = (group: Group, has: (name: string) => boolean = isInstalled): void => {
  const missing = peers[group].filter((name) => !has(name));
  if (missing.length === 0) return;
  const which = missing.length === 1 ? 'a package that is' : 'packages that are';
  throw permanent(
    'cli.package-missing',
    `${needs[group]} ${which} not installed. Run: ${installLine(missing, process.cwd())}`,
  );
};
