import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import yauzl, { type Entry, type Options, type ZipFile } from 'yauzl';

const open = promisify<string, Options, ZipFile>(yauzl.open);

const readEntry = (zip: ZipFile, entry: Entry): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) reject(error);
      else buffer(stream).then(resolve, reject);
    });
  });

/** Unpacks an archive into a folder, as Lambda does into `/var/task`. */
export const unzip = async (archive: string, folder: string): Promise<void> => {
  const zip = await open(archive, { lazyEntries: true });
  const done = new Promise<void>((resolve, reject) => {
    zip.on('end', resolve).on('error', reject);
    zip.on('entry', async (entry: Entry) => {
      try {
        const target = join(folder, entry.fileName);
        await mkdir(dirname(target), { recursive: true });
        await writeFile(target, await readEntry(zip, entry));
        zip.readEntry();
      } catch (error) {
        reject(error);
      }
    });
  });
  zip.readEntry();
  await done;
};
