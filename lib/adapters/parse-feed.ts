import type { ParseFeed } from '../core/ports.ts';
import { MAX_BYTES } from './parse/limits.ts';
import { refuseLarge } from './parse/refuse.ts';
import { runTask } from './worker/run-task.ts';

/**
 * Reads RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, and JSON Feed 1.0 and 1.1, in any charset that a browser reads,
 * well-formed or not, in the worker thread. Relative links are resolved against `xml:base`, then `url`. Of more than
 * 5,000 entries the newest 5,000 are read.
 *
 * Throws, always with what came in the message: permanent `feed.html-page` (with `details.feeds`, the feeds the page
 * advertises), `feed.challenge`, `feed.wants-cookie`, `feed.other-xml`, `feed.other-json`, `feed.broken-json`, `feed.empty`,
 * `feed.not-a-feed`, `feed.truncated` (cut off before the first entry), `feed.too-large` (over 10 MB, or over what a
 * document may grow to), `feed.unreadable` (whatever else stopped the reading); retryable `feed.too-slow`.
 */
export const parseFeed: ParseFeed = async ({ bytes, contentType, url }) => {
  if (bytes.length > MAX_BYTES) throw refuseLarge(bytes.length, MAX_BYTES);
  const copy = new Uint8Array(bytes); // a view of a buffer would take all of it along
  return runTask('read', { bytes: copy, contentType, url }, [copy.buffer]);
};
