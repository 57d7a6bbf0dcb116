import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Headline, Table } from '../bench.ts';
import { changedFeed } from './generated-feed.ts';

/** What changes in a document of how many entries and bytes; `aim`: relative to bare rss-parser. */
const cases = [
  { entries: 10, bytes: 28_000, fresh: 1 },
  { entries: 50, bytes: 100_000, fresh: 1, aim: 3 },
  { entries: 50, bytes: 1_000_000, fresh: 1, aim: 3 },
  { entries: 200, bytes: 560_000, fresh: 1 },
  { entries: 50, bytes: 100_000, fresh: 0, aim: 8 },
  { entries: 50, bytes: 1_000_000, fresh: 0, aim: 8 },
] as const satisfies { entries: number; bytes: number; fresh: number; aim?: number }[];

const nameOf = ({ entries, bytes, fresh }: (typeof cases)[number]): string =>
  `${fresh === 0 ? 'only the build date' : `${fresh} new of ${entries} entries`}, ${bytes / 1_000} kB`;

type Timing = (reader: string, files: [string, string]) => Promise<number>;

/** Every reader once, then again: of each, the shortest time in ms, because other programs only ever add to it. */
const shortestOf = async (
  readers: readonly string[],
  files: [string, string],
  { runs, timing }: { runs: number; timing: Timing },
): Promise<number[]> => {
  const shortest = readers.map(() => Number.POSITIVE_INFINITY);
  for (let run = 0; run < runs; run++)
    for (const [at, reader] of readers.entries())
      shortest[at] = Math.min(shortest[at] ?? 0, await timing(reader, files));
  return shortest;
};

/** How fast changed documents are read; ours is the first reader, bare rss-parser the second. */
export const measureChanged = async (
  folder: string,
  readers: readonly string[],
  how: { runs: number; timing: Timing },
): Promise<{ table: Table; headlines: Headline[]; note: string }> => {
  const rows: (string | number)[][] = [];
  const headlines: Headline[] = [];
  for (const [n, one] of cases.entries()) {
    const files = [0, 1].map((at) => join(folder, `changed-${n}-${at}.xml`)) as [string, string];
    const versions = changedFeed(one.entries, one.bytes, one.fresh);
    for (const [at, file] of files.entries()) await writeFile(file, versions[at] ?? '');
    const times = await shortestOf(readers, files, how);
    const ratio = `${((times[1] ?? 0) / (times[0] ?? 1)).toFixed(1)} ×`;
    rows.push([nameOf(one), ...times.map((ms) => ms.toFixed(2)), ratio]);
    if ('aim' in one)
      headlines.push({
        what: `speed of a changed document relative to bare rss-parser: ${nameOf(one)}`,
        figure: ratio,
        target: `≥ ${one.aim} ×`,
      });
  }
  const title = `A changed document, ms: the shortest of ${how.runs} interleaved runs`;
  const head = ['what is new', ...readers, 'ours, × rss-parser'];
  const note =
    'For a changed document, ours is what a poll does with it: the hand-over to the worker thread and back, and the identification of what is new. The others read everything, as they do each time.';
  return { table: { title, head, rows }, headlines, note };
};
