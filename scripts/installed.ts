/** A package in an npm lockfile, by its path. */
type Locked = {
  version?: string;
  integrity?: string;
  inBundle?: boolean;
  resolved?: string;
  license?: string;
  engines?: { node?: string };
  dev?: boolean;
  optional?: boolean;
  link?: boolean;
};
type Root = { dependencies?: object; devDependencies?: object; optionalDependencies?: object };
/** The format of `package-lock.json`, and of the `node_modules/.package-lock.json` that npm writes after installing. */
export type Lockfile = { packages: Record<string, Locked & Root> };

const groups = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;

const sorted = (all: object = {}): string => JSON.stringify(Object.entries(all).sort());

/**
 * Differences between the lockfile and the installed packages, one line each: packages with another version or content,
 * and settings of package.json that are not in the lockfile. Optional packages may be missing, because they are for
 * other platforms.
 */
export const strayFrom = (manifest: Root, lock: Lockfile, installed: Lockfile): string[] => {
  const root = lock.packages[''] ?? {};
  const unlocked = groups.filter((group) => sorted(manifest[group]) !== sorted(root[group]));
  const wanted = Object.entries(lock.packages).filter(([path]) => path !== '');
  const strays = wanted.flatMap(([path, { version, integrity, optional }]) => {
    const there = installed.packages[path];
    if (!there) return optional ? [] : [`${path} is not installed`];
    if (there.version !== version) return [`${path} has version ${there.version} instead of ${version}`];
    return there.integrity === integrity
      ? []
      : [`${path} ${version} does not have the content in the lockfile`];
  });
  const extra = Object.keys(installed.packages).filter((path) => !(path in lock.packages));
  return [
    ...unlocked.map((group) => `${group} of package.json differ from package-lock.json`),
    ...strays,
    ...extra.map((path) => `${path} is installed, but not in package-lock.json`),
  ];
};
