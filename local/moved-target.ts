import { join } from 'node:path';
import { readIfThere, writeAtomically } from './atomic-file.ts';
import type { Target } from './options.ts';

const names: Record<Target['kind'], string> = { sandbox: 'the sandbox', dash: 'Dash Social' };

/**
 * Records in the data folder where drafts go. Returns a warning if they went elsewhere last time, because the
 * ledger's drafts do not exist in the new place.
 */
export function movedTarget(data: string, { kind }: Target): string | null {
  const file = join(data, 'target');
  const last = readIfThere(file)?.trim();
  writeAtomically(file, `${kind}\n`);
  if (last === undefined || last === kind) return null;
  const before = names[last as Target['kind']] ?? last;
  return `The ledger in ${data} is from runs whose drafts went to ${before}. Entries that it records as drafted are not sent to ${names[kind]}. To start fresh, choose another folder with --data.`;
}
