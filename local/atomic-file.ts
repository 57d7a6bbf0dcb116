import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Files of the data folder are for their owner: they hold keys, secrets and what is to be posted. */
export const ownerOnly = { mode: 0o600 } as const;

/** The data folder and those in it. */
export const ownerOnlyFolder = { mode: 0o700, recursive: true } as const;

/**
 * Replaces a file as a whole: a reader, also after a crash, finds the old text or the new one. Readable by its owner
 * alone, unless `mode` says otherwise. Synchronous, so that of two writers in one process the later one wins.
 */
export function writeAtomically(path: string, text: string, { mode = ownerOnly.mode as number } = {}): void {
  const draft = `${path}.${randomUUID()}.new`;
  writeFileSync(draft, text, { mode });
  renameSync(draft, path);
}

/** The text of a file; null when there is none. */
export function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
