import { appendFileSync, renameSync, statSync } from 'node:fs';
import { parse } from 'node:path';
import { ownerOnly } from './atomic-file.ts';

/** The file's name in the data folder. */
export const logFile = 'log.jsonl';

const maxBytes = 16 * 1024 * 1024;

/**
 * Appends lines to a file. A large file is renamed to `<name>.old`, replacing the previous one. A line that cannot be
 * written is lost; `onError` receives the first such error.
 */
export function openLog(
  file: string,
  onError: (error: unknown) => void,
  most = maxBytes,
): (line: string) => void {
  const { dir, name, ext } = parse(file);
  let bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const append = (line: string) => {
    if (bytes > most) {
      renameSync(file, `${dir}/${name}.old${ext}`);
      bytes = 0;
    }
    appendFileSync(file, `${line}\n`, ownerOnly);
    bytes += Buffer.byteLength(line) + 1;
  };
  let failed = false;
  return (line) => {
    try {
      append(line);
    } catch (error) {
      if (!failed) onError(error);
      failed = true;
    }
  };
}
