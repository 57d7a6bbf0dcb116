import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Files in the data folder are readable by their owner only, because they contain keys, secrets and posts. */
export const ownerOnly = { mode: 0o600 } as const;

/** The data folder and its subfolders. */
export const ownerOnlyFolder = { mode: 0o700, recursive: true } as const;

/**
 * Replaces a file atomically: a reader, also after a crash, finds the old or the new text. Readable by its owner
 * only, unless `mode` is set. Synchronous, so that the later of two writes in a process wins.
 */
export function writeAtomically(path: string, text: string, { mode = ownerOnly.mode as number } = {}): void {
  const draft = `${path}.${randomUUID()}.new`;
  writeFileSync(draft, text, { mode });
  renameSync(draft, path);
}

/** The text of a file; null if there is none. */
export function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
