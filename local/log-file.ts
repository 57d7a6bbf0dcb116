import { appendFileSync, renameSync, statSync } from 'node:fs';
import { parse } from 'node:path';
import { ownerOnly } from './atomic-file.ts';

/** Its file in the data folder. */
export const logFile = 'log.jsonl';

const mostBytes = 16 * 1024 * 1024;

/** Appends lines to a file. When it has grown large it becomes `<name>.old`, in place of the one before. */
export function openLog(file: string, most = mostBytes): (line: string) => void {
  const { dir, name, ext } = parse(file);
  let bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return (line) => {
    if (bytes > most) {
      renameSync(file, `${dir}/${name}.old${ext}`);
      bytes = 0;
    }
    appendFileSync(file, `${line}\n`, ownerOnly);
    bytes += Buffer.byteLength(line) + 1;
  };
}
