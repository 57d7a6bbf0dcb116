import { readFile } from 'node:fs/promises';
import { Parser } from 'htmlparser2';
import { readFeed } from '../../lib/adapters/feeds/parse/read-feed.ts';
import { parseFeed, readsFeeds } from '../../lib/adapters/feeds/parse-feed.ts';
import { median } from './median.ts';
import { readingParts } from './reading-parts.ts';
import { type Part, whereTimeGoes } from './where-time-goes.ts';

type Read = (bytes: Uint8Array) => Promise<{ title?: string | null }[]>;

const documentOf = (bytes: Uint8Array) => ({
  bytes,
  contentType: 'application/rss+xml',
  url: 'https://www.example.com/feed',
});

const ours: Read = async (bytes) => (await parseFeed(documentOf(bytes))).entries;

/** Scans all tags and texts and keeps nothing, the minimum for any reader. */
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
  if (!read) throw new Error(`unknown reader ${name}`);
  return read;
};

/** Repeats a task for this long, at least once; returns each duration in ms. */
const timesOf = async (work: () => Promise<unknown>, forMs: number): Promise<number[]> => {
  const times: number[] = [];
  for (const since = performance.now(); times.length < 1 || performance.now() - since < forMs; ) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return times;
};

/**
 * Reads the file repeatedly: for `warmMs` to warm up the JIT, then for `forMs`. Returns the median duration in ms and
 * the peak memory of the process in MB.
 */
export const time = async (name: string, file: string, warmMs: number, forMs: number) => {
  const read = await readerOf(name);
  const bytes = new Uint8Array(await readFile(file));
  const before = process.resourceUsage().maxRSS;
  await timesOf(() => read(bytes), warmMs);
  const ms = median(await timesOf(() => read(bytes), forMs));
  return { ms, peakMb: (process.resourceUsage().maxRSS - before) / 1024 };
};

/** Ours as a poll reads: the entries of the earlier document are known, and the bytes go to the worker thread. */
const oursAfter = async (before: Uint8Array): Promise<Read> => {
  const { identifyFeed } = readsFeeds();
  const { entries, readAs } = await identifyFeed(documentOf(before));
  const hashes = entries.flatMap((one) => ('unread' in one ? [] : (one.raw?.hash ?? [])));
  const known = { readAs: readAs ?? '', rawHashes: new Set(hashes) };
  return async (bytes) => {
    const read = await identifyFeed(documentOf(bytes), known);
    return read.entries.map(() => ({}));
  };
};

/**
 * Reads the next version of a document repeatedly, like `time`. Only ours profits from having read the first. Returns
 * the shortest duration in ms.
 */
export const timeChanged = async (name: string, files: [string, string], warmMs: number, forMs: number) => {
  const [before, after] = await Promise.all(files.map(async (file) => new Uint8Array(await readFile(file))));
  const read = name === 'ours' ? await oursAfter(before as Uint8Array) : await readerOf(name);
  const readAfter = () => read(after as Uint8Array);
  await timesOf(readAfter, warmMs);
  return Math.min(...(await timesOf(readAfter, forMs)));
};

/** A CPU profile of our parser while it reads the file repeatedly. */
export const partsOfOurs = async (file: string, warmMs: number, forMs: number): Promise<Part[]> => {
  const bytes = new Uint8Array(await readFile(file));
  const readHere = () => readFeed(documentOf(bytes)); // the profiler sees one thread only
  await timesOf(readHere, warmMs);
  return whereTimeGoes(readHere, forMs, readingParts);
};

/** Reads all files repeatedly, whether or not they are readable; returns the median total duration in ms. */
export const timeAll = async (name: string, files: string[], warmMs: number, forMs: number) => {
  const read = await readerOf(name);
  const all = await Promise.all(files.map(async (file) => new Uint8Array(await readFile(file))));
  const readAll = async () => {
    for (const bytes of all) await read(bytes).catch(() => []);
  };
  await timesOf(readAll, warmMs);
  return median(await timesOf(readAll, forMs));
};

/** Reads each file once in a fresh process; returns the total duration in ms. */
export const timeOnce = async (name: string, files: string[]) => {
  const read = await readerOf(name);
  const all = await Promise.all(files.map(async (file) => new Uint8Array(await readFile(file))));
  const started = performance.now();
  for (const bytes of all) await read(bytes);
  return performance.now() - started;
};

/** The titles that it reads in each file; null if it throws. */
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
