import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/**
 * Replaces a file as a whole: whoever reads it, also after a crash, finds the old text or the new one.
 * Synchronous, so that of two writers in one process the later one wins.
 */
export function writeAtomically(path: string, text: string, { mode = 0o666 } = {}): void {
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
