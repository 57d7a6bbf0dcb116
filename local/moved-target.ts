import { join } from 'node:path';
import { readIfThere, writeAtomically } from './atomic-file.ts';
import type { Target } from './options.ts';

const names: Record<Target['kind'], string> = { sandbox: 'the sandbox', dash: 'Dash Social' };

const fileIn = (data: string) => join(data, 'target');

/** Whether drafts went to Dash Social when something last ran over the data folder. */
export const wentLive = (data: string): boolean => readIfThere(fileIn(data))?.trim() === 'dash';

/**
 * Remembers in the data folder where drafts go. Answers a warning when they went elsewhere last time: the ledger
 * says "drafted" of entries that the new place has never seen.
 */
export function movedTarget(data: string, { kind }: Target): string | null {
  const file = fileIn(data);
  const last = readIfThere(file)?.trim();
  writeAtomically(file, `${kind}\n`);
  if (last === undefined || last === kind) return null;
  const before = names[last as Target['kind']] ?? last;
  return `The ledger in ${data} was kept while drafts went to ${before}: what it has as drafted will not be sent to ${names[kind]}. For a ledger of its own choose another --data.`;
}
