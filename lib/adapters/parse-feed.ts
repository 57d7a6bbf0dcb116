import type { ParseFeed } from '../core/ports.ts';
import { MAX_BYTES } from './parse/limits.ts';
import { readFeed } from './parse/read-feed.ts';
import { readInWorker } from './parse/read-in-worker.ts';
import { refuseLarge } from './parse/refuse.ts';

/**
 * From here on a document is read in a thread of its own: a megabyte takes some 100 ms, which nothing else in the
 * process should have to wait for, and starting a thread takes at least as long.
 */
const WORKER_BYTES = 1_000_000;

/**
 * Reads RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, and JSON Feed 1.0 and 1.1, in any charset that a browser reads,
 * well-formed or not. Relative links are resolved against `xml:base`, then `url`. Of more than 5,000 entries the
 * newest 5,000 are read.
 *
 * Throws, always with what came in the message: permanent `feed.html-page` (with `details.feeds`, the feeds the page
 * advertises), `feed.challenge-page`, `feed.other-xml`, `feed.other-json`, `feed.broken-json`, `feed.empty`,
 * `feed.not-a-feed`, `feed.truncated` (cut off before the first entry), `feed.too-large` (over 10 MB, or over the
 * memory a document may take); retryable `feed.too-slow`.
 */
export const parseFeed: ParseFeed = async (document) => {
  const size = document.bytes.length;
  if (size > MAX_BYTES) throw refuseLarge(size, MAX_BYTES);
  return size > WORKER_BYTES ? readInWorker(document) : readFeed(document);
};
