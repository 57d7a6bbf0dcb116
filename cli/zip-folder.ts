import { createWriteStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import yazl from 'yazl';

// A zip's dates have no time zone. Built from local fields they are the same everywhere, and so is the archive.
const noTime = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true, mode: 0o100644 };

/**
 * Zips the files of a folder, with `added` files by name, in name order, so that the same files yield the same archive,
 * byte for byte. An added file replaces one of the same name.
 */
export const zipFolder = async (
  dir: string,
  target: string,
  added: Readonly<Record<string, string>>,
): Promise<void> => {
  const zip = new yazl.ZipFile();
  const names = new Set([...(await readdir(dir)), ...Object.keys(added)]);
  for (const name of [...names].sort()) {
    const text = added[name];
    const content = text === undefined ? await readFile(join(dir, name)) : Buffer.from(text);
    zip.addBuffer(content, name, { ...noTime, compressionLevel: 9 });
  }
  zip.end();
  await finished(zip.outputStream.pipe(createWriteStream(target)));
};
