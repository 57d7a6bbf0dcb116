import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Slow tests are divided into twenty parts; a run tests one of them (0 to 19), or all. */
export type Sample = { part: number | 'all'; chosenBy: string };

export const parts = 20;

const root = fileURLToPath(new URL('../../', import.meta.url));

const numberOf = (text: string): number => createHash('sha256').update(text).digest().readInt32BE();
const partOf = (text: string): number => Math.abs(numberOf(text)) % parts;

/** The tree of the commit checked out in a folder; null if the folder is not the root of a repository. */
const treeOf = (dir: string): string | null => {
  try {
    const printed = execFileSync('git', ['rev-parse', '--show-prefix', 'HEAD^{tree}'], {
      cwd: dir,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return /^\n([0-9a-f]+)\n$/.exec(printed)?.[1] ?? null;
  } catch {
    return null; // no git, no repository, or no commit
  }
};

/**
 * `given` (the variable SAMPLE) is `all` or a part from 0 to 19. By default the commit's tree chooses the part, so
 * that a commit is always tested the same way and later commits test other parts. An archive without a repository
 * uses its version.
 */
export const chooseSample = (given: string | undefined, dir = root): Sample => {
  if (given === 'all') return { part: 'all', chosenBy: 'SAMPLE' };
  if (given !== undefined && /^\d{1,2}$/.test(given) && Number(given) < parts)
    return { part: Number(given), chosenBy: 'SAMPLE' };
  if (given)
    throw new Error(`SAMPLE is ${JSON.stringify(given)}; use "all", or a part from 0 to ${parts - 1}`);
  const tree = treeOf(dir);
  if (tree) return { part: partOf(tree), chosenBy: `tree ${tree.slice(0, 12)}` };
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return { part: partOf(version), chosenBy: `version ${version} (no git commit here)` };
};

/** A seed from the commit's tree; undefined in an archive without a repository. */
export const seedOfTree = (dir = root): number | undefined => {
  const tree = treeOf(dir);
  return tree === null ? undefined : numberOf(tree);
};

/** Whether a crash point belongs to the sample, as one in twenty does; its name must be the same in every run. */
export const isIn = ({ part }: Sample, point: string): boolean => part === 'all' || partOf(point) === part;

/** The elements in the sample, one in `oneIn`, by their position in the list. */
export const drawn = <T>({ part }: Sample, oneIn: 2 | 5 | 10, list: readonly T[]): T[] =>
  list.filter((_, place) => part === 'all' || place % oneIn === part % oneIn);

/**
 * The deaths in a scene with two polls or deliveries, where one death makes the scene four times as large: none but with
 * SAMPLE=all.
 */
export const deathsInTwoPolls = ({ part }: Sample): number => (part === 'all' ? 1 : 0);

export const describeSample = ({ part, chosenBy }: Sample): string =>
  part === 'all'
    ? 'all parts of what takes long'
    : `part ${part} of 0 to ${parts - 1}, chosen by ${chosenBy}; SAMPLE=${part} repeats it, SAMPLE=all runs all`;
