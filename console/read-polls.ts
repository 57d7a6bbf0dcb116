import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import * as v from 'valibot';

/** One poll of a feed. `at` in epoch milliseconds; `bytes` of the document, decoded. */
export type Poll = { at: number } & (
  | { kind: 'unchanged'; status: 304 | 200; bytes: number }
  | { kind: 'changed'; seen: number; isNew: number; bytes: number }
  | { kind: 'failed'; code: string; message: string }
  /** Deferred because its host returned errors. */
  | { kind: 'put-off'; message: string }
);

/** The recorded polls of a feed, newest first. */
export type ReadPolls = (feed: string) => Poll[];

const PollEvent = v.variant('message', [
  v.object({
    message: v.literal('poll.unchanged'),
    data: v.object({ feed: v.string(), status: v.picklist([304, 200]), bytes: v.number() }),
  }),
  v.object({
    message: v.literal('poll.changed'),
    data: v.object({
      feed: v.string(),
      bytes: v.number(),
      counts: v.object({ seen: v.number(), known: v.number() }),
    }),
  }),
  v.object({
    message: v.literal('poll.deferred'),
    data: v.object({ feed: v.string(), message: v.string() }),
  }),
  v.object({
    message: v.literal('poll.failed'),
    data: v.object({ feed: v.string(), code: v.string(), message: v.string() }),
  }),
]);
const Stamp = v.object({ timestamp: v.pipe(v.string(), v.isoTimestamp()) });

const maxBytes = 2 * 1024 * 1024;
const maxPolls = 60;

/**
 * Reads polls from the log of `npm start`, because an unchanged poll writes nothing else. Only the last two megabytes
 * are read.
 */
export const pollsOfLog =
  (file: string): ReadPolls =>
  (feed) =>
    endOf(file)
      .split('\n')
      .filter((line) => line.includes('"poll.'))
      .flatMap((line) => pollOf(line, feed) ?? [])
      .slice(-maxPolls)
      .reverse();

const endOf = (file: string): string => {
  let log: number;
  try {
    log = openSync(file, 'r');
  } catch {
    return ''; // nothing was polled yet
  }
  try {
    const { size } = fstatSync(log);
    const bytes = Buffer.alloc(Math.min(size, maxBytes));
    return bytes.toString('utf8', 0, readSync(log, bytes, 0, bytes.length, size - bytes.length));
  } finally {
    closeSync(log);
  }
};

const jsonOf = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return null; // the part of the log that is read usually begins within a line
  }
};

const pollOf = (line: string, feed: string): Poll | null => {
  const json = jsonOf(line);
  if (!v.is(Stamp, json) || !v.is(PollEvent, json) || json.data.feed !== feed) return null;
  const at = Date.parse(json.timestamp);
  switch (json.message) {
    case 'poll.unchanged':
      return { at, kind: 'unchanged', status: json.data.status, bytes: json.data.bytes };
    case 'poll.changed': {
      const { bytes, counts } = json.data;
      return { at, kind: 'changed', seen: counts.seen, isNew: counts.seen - counts.known, bytes };
    }
    case 'poll.deferred':
      return { at, kind: 'put-off', message: json.data.message };
    case 'poll.failed':
      return { at, kind: 'failed', code: json.data.code, message: json.data.message };
  }
};
