import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, Table } from './bench.ts';
import { measureChanged } from './support/changed-reading.ts';
import { generatedFeed } from './support/generated-feed.ts';
import { type Child, inChild } from './support/in-child.ts';
import { median } from './support/median.ts';
import { ownDocuments } from './support/own-documents.ts';
import { installPeers } from './support/peers.ts';
import { leftToCallers } from './support/reading-parts.ts';
import type { Part } from './support/where-time-goes.ts';

const readers = ['ours', 'rss-parser', 'feedsmith', 'feedparser', 'event-only scan'] as const;
type Reader = (typeof readers)[number];
const sizes = [10_000, 100_000, 1_000_000, 10_000_000];
const runs = 3;
/** The largest takes seconds a reading, and shows in one run that nothing grows. */
const runsOf = (bytes: number) => (bytes > 1_000_000 ? 1 : runs);
/** Ours has more code to compile than a small library, and is at full speed after half a second. */
const warmMs = 600;
const forMs = 300;
const module = new URL('./support/reader.ts', import.meta.url);

type Timed = { ms: number; peakMb: number };

/** In a process that has read nothing yet. */
const inFreshChild = async <T>(use: (child: Child) => Promise<T>): Promise<T> => {
  const child = inChild(module, { limitMs: 60_000 });
  try {
    return await use(child);
  } finally {
    await child.end();
  }
};

const timed = (reader: Reader, file: string): Promise<Timed> =>
  inFreshChild((child) => child.call('time', reader, file, warmMs, forMs));

/** Every reader once, then every reader again: a slow moment of the machine strikes all of them. */
const measure = async (file: string, times: number): Promise<Map<Reader, Timed>> => {
  const found = new Map<Reader, Timed[]>(readers.map((reader) => [reader, []]));
  for (let run = 0; run < times; run++)
    for (const reader of readers) found.get(reader)?.push(await timed(reader, file));
  const middle = (all: Timed[]) => ({
    ms: median(all.map(({ ms }) => ms)),
    peakMb: median(all.map(({ peakMb }) => peakMb)),
  });
  return new Map([...found].map(([reader, all]) => [reader, middle(all)]));
};

const timedChange = (reader: string, files: [string, string]): Promise<number> =>
  inFreshChild((child) => child.call('timeChanged', reader, files, warmMs, forMs));

const fresh = { documents: 20, bytes: 50_000 };

/** A process that has just started reads documents of which no two are alike, each once; MB/s. */
const measureFresh = async (folder: string): Promise<Map<Reader, number>> => {
  const files = Array.from({ length: fresh.documents }, (_, n) => join(folder, `fresh-${n}.xml`));
  for (const [n, file] of files.entries()) await writeFile(file, generatedFeed(fresh.bytes, 1 + n * 100));
  const times = new Map<Reader, number[]>(readers.map((reader) => [reader, []]));
  for (let run = 0; run < runs; run++)
    for (const reader of readers)
      times.get(reader)?.push(await inFreshChild((child) => child.call<number>('timeOnce', reader, files)));
  const speedOf = (all: number[]) => (fresh.documents * fresh.bytes) / 1_000 / median(all);
  return new Map([...times].map(([reader, all]) => [reader, speedOf(all)]));
};

/** Of the project's own documents, how many are read right, and how long all of them take. */
const readOwn = (reader: Reader): Promise<{ right: string; ms: number }> =>
  inFreshChild(async (child) => {
    const documents = ownDocuments();
    const files = documents.map(({ file }) => file);
    const found = await child.call<((string | null)[] | null)[]>('titles', reader, files);
    const right = documents.filter(({ titles }, at) => JSON.stringify(found[at]) === JSON.stringify(titles));
    const ms = await child.call<number>('timeAll', reader, files, warmMs, forMs);
    return { right: `${right.length} of ${documents.length}`, ms };
  });

const profiled = 100_000;

/** Where the time of ours goes, as the profiler sees it in this run. */
const partsTable = (parts: readonly Part[], ms: number): Table => ({
  title: `Where the time of ours goes: ${labelOf(profiled)}`,
  head: ['part', 'share', 'ms per document'],
  rows: parts.map(({ name, share }) => [name, `${(100 * share).toFixed(0)} %`, (share * ms).toFixed(2)]),
});

/** What bare rss-parser leaves to its caller. */
const extraNote = (parts: readonly Part[], ours: number, bare: number): string => {
  const extra = parts.filter(({ name }) => leftToCallers.includes(name));
  const share = extra.reduce((sum, part) => sum + part.share, 0);
  return `${(100 * share).toFixed(0)} % of the time of ours is what bare rss-parser leaves to its caller (${extra.map(({ name }) => name).join('; ')}): without it ours would read at ${(bare / (ours * (1 - share))).toFixed(2)} of its speed (${labelOf(profiled)}).`;
};

const labelOf = (bytes: number) => (bytes >= 1_000_000 ? `${bytes / 1_000_000} MB` : `${bytes / 1_000} kB`);

export const bench: Bench = {
  question: 'How fast is reading?',
  how: `Parses generated RSS documents of ${sizes.map(labelOf).join(', ')}, from bytes to entries. Each parser runs in its own processes, after warming up for ${warmMs} ms. Figures are medians of ${runs} interleaved runs; the largest document is parsed once.`,
  limits:
    'There is only one kind of document. Only ours decodes charsets other than UTF-8, turns HTML into text and finds images; the others return what is there. Ours parses in its own thread, which it reuses. Our malformed documents are small and unusual: their count shows what a parser can read, not how often that happens, and most of their time is the fixed cost of any document, which is lower if it is refused. The profiler slows down what it measures, small functions more than large ones.',
  run: async () => {
    installPeers();
    const folder = await mkdtemp(join(tmpdir(), 'reading-'));
    try {
      const found: Map<Reader, Timed>[] = [];
      for (const bytes of sizes) {
        const file = join(folder, `${bytes}.xml`);
        await writeFile(file, generatedFeed(bytes));
        found.push(await measure(file, runsOf(bytes)));
      }
      const started = await measureFresh(folder);
      const own = new Map<Reader, Awaited<ReturnType<typeof readOwn>>>();
      for (const reader of readers) if (reader !== 'event-only scan') own.set(reader, await readOwn(reader));
      const changed = await measureChanged(folder, readers, { runs, timing: timedChange });
      const parts = await inFreshChild((child) =>
        child.call<Part[]>('partsOfOurs', join(folder, `${profiled}.xml`), warmMs, 2_000),
      );
      const msAt = (reader: Reader) => found[sizes.indexOf(profiled)]?.get(reader)?.ms ?? Number.NaN;
      const freshRatio = (started.get('ours') ?? 0) / (started.get('rss-parser') ?? 1);
      const ratio = sizes.map(
        (_, at) => (found[at]?.get('rss-parser')?.ms ?? 0) / (found[at]?.get('ours')?.ms ?? 1),
      );
      return {
        tables: [
          speeds(found),
          changed.table,
          {
            title: `MB/s in a new process: ${fresh.documents} documents of ${labelOf(fresh.bytes)}, each parsed once`,
            head: ['reader', 'MB/s'],
            rows: [...started].map(([reader, one]) => [reader, one.toFixed(1)]),
          },
          peaks(found),
          {
            title:
              'Our malformed documents: how many have all titles read correctly, and the time for all of them',
            head: ['reader', 'documents', 'ms'],
            rows: [...own].map(([reader, { right, ms }]) => [reader, right, ms.toFixed(1)]),
          },
          partsTable(parts, msAt('ours')),
        ],
        plots: [
          {
            title: 'Reading speed',
            x: { label: 'bytes of the document', log: true },
            y: { label: 'MB/s' },
            series: readers.map((reader) => ({
              name: reader,
              points: sizes.map((bytes, at) => [bytes, speed(bytes, found[at]?.get(reader))] as const),
            })),
          },
        ],
        headlines: [
          {
            what: 'reading speed relative to bare rss-parser, 100 kB',
            figure: `${ratio[1]?.toFixed(2)} ×`,
            target: '≥ 0.7 ×',
          },
          ...changed.headlines,
          { what: 'malformed documents read correctly', figure: own.get('ours')?.right ?? '' },
        ],
        notes: [
          `Ours reads at ${ratio.map((one, at) => `${one.toFixed(2)} (${labelOf(sizes[at] ?? 0)})`).join(', ')} of the speed of bare rss-parser, ${freshRatio.toFixed(2)} in a process that has just started. Target: at least 0.7.`,
          changed.note,
          extraNote(parts, msAt('ours'), msAt('rss-parser')),
        ],
      };
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

const speed = (bytes: number, one?: Timed) => (one ? bytes / 1_000 / one.ms : Number.NaN);

const bySize = (title: string, cell: (at: number, reader: Reader) => string): Table => ({
  title,
  head: ['reader', ...sizes.map(labelOf)],
  rows: readers.map((reader) => [reader, ...sizes.map((_, at) => cell(at, reader))]),
});

const speeds = (found: Map<Reader, Timed>[]) =>
  bySize('MB/s', (at, reader) => speed(sizes[at] ?? 0, found[at]?.get(reader)).toFixed(1));

const peaks = (found: Map<Reader, Timed>[]) =>
  bySize('Peak memory above the start, MB', (at, reader) => (found[at]?.get(reader)?.peakMb ?? 0).toFixed(0));
