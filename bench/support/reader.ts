import { readFile } from 'node:fs/promises';
import { Parser } from 'htmlparser2';
import { parseFeed } from '../../lib/adapters/parse-feed.ts';

type Read = (bytes: Uint8Array) => Promise<{ title?: string | null }[]>;

const ours: Read = async (bytes) =>
  (await parseFeed({ bytes, contentType: 'application/rss+xml', url: 'https://www.example.com/feed' }))
    .entries;

/** Every tag and text is seen, nothing is kept: what no reader goes below. */
const scan: Read = async (bytes) => {
  let seen = 0;
  const parser = new Parser({ onopentag: () => seen++, ontext: () => seen++ }, { xmlMode: true });
  parser.end(new TextDecoder().decode(bytes));
  return Array(seen && 0);
};

const readerOf = async (name: string): Promise<Read> => {
  if (name === 'ours') return ours;
  if (name === 'event-only scan') return scan;
  const { parsers } = (await import(new URL('../peers/parsers.mjs', import.meta.url).href)) as {
    parsers: Record<string, Read>;
  };
  const read = parsers[name];
  if (!read) throw new Error(`no reader is called ${name}`);
  return read;
};

/** Reads the file again and again for at least `forMs`; the median of the times in ms, and the peak of the process in MB. */
export const time = async (name: string, file: string, forMs: number) => {
  const read = await readerOf(name);
  const bytes = new Uint8Array(await readFile(file));
  const before = process.resourceUsage().maxRSS;
  await read(bytes);
  const times: number[] = [];
  for (const since = performance.now(); times.length < 3 || performance.now() - since < forMs; ) {
    const started = performance.now();
    await read(bytes);
    times.push(performance.now() - started);
  }
  const ms = times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
  return { ms, peakMb: (process.resourceUsage().maxRSS - before) / 1024 };
};

/** Reads each file once, having read nothing before; ms for all of them. */
export const timeOnce = async (name: string, files: string[]) => {
  const read = await readerOf(name);
  const all = await Promise.all(files.map(async (file) => new Uint8Array(await readFile(file))));
  const started = performance.now();
  for (const bytes of all) await read(bytes);
  return performance.now() - started;
};

/** The titles it reads in each file; null where it throws. */
export const titles = async (name: string, files: string[]) => {
  const read = await readerOf(name);
  return Promise.all(
    files.map(async (file) => {
      try {
        const items = await read(new Uint8Array(await readFile(file)));
        return items.map(({ title }) => title ?? null);
      } catch {
        return null;
      }
    }),
  );
};
