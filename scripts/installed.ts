/** One package as a lockfile of npm has it, by where it is installed. */
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
/** `package-lock.json`, and the `node_modules/.package-lock.json` that npm writes of what it has installed. */
export type Lockfile = { packages: Record<string, Locked & Root> };

const groups = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;

const sorted = (all: object = {}): string => JSON.stringify(Object.entries(all).sort());

/**
 * In how far what is installed is not what the lockfile says, one line each: packages of another version or content, and
 * settings of package.json that the lockfile does not know. Optional packages may be missing: they are for other machines.
 */
export const strayFrom = (manifest: Root, lock: Lockfile, installed: Lockfile): string[] => {
  const root = lock.packages[''] ?? {};
  const unlocked = groups.filter((group) => sorted(manifest[group]) !== sorted(root[group]));
  const wanted = Object.entries(lock.packages).filter(([path]) => path !== '');
  const strays = wanted.flatMap(([path, { version, integrity, optional }]) => {
    const there = installed.packages[path];
    if (!there) return optional ? [] : [`${path} is not installed`];
    if (there.version !== version) return [`${path} is ${there.version}, locked is ${version}`];
    return there.integrity === integrity ? [] : [`${path} ${version} has another content than is locked`];
  });
  const extra = Object.keys(installed.packages).filter((path) => !(path in lock.packages));
  return [
    ...unlocked.map((group) => `${group} of package.json are not those of package-lock.json`),
    ...strays,
    ...extra.map((path) => `${path} is installed, but not locked`),
  ];
};
