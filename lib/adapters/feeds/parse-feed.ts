import type { ParseFeed, ReadsFeeds } from '../../core/ports.ts';
import { MAX_BYTES } from './parse/limits.ts';
import type { FeedDocument } from './parse/read-feed.ts';
import { refuseLarge } from './parse/refuse.ts';
import { type RunTask, runTask, type Size } from './worker/run-task.ts';

/**
 * Parses RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, and JSON Feed 1.0 and 1.1, in any charset that browsers support,
 * well-formed or not, in the worker thread. Relative links are resolved against `xml:base`, then `url`. Of more than
 * 5,000 entries the newest 5,000 are kept. Throws, always with a description of the document in the message: permanent
 * `feed.html-page` (with `details.feeds`, the feeds the page advertises), `feed.challenge`, `feed.wants-cookie`,
 * `feed.other-xml`, `feed.other-json`, `feed.broken-json`, `feed.empty`, `feed.not-a-feed`, `feed.truncated` (cut off
 * before the first entry), `feed.too-large` (over 10 MB, or over the limit of its expansion), `feed.unreadable` (any
 * other parsing error); retryable `feed.too-slow`.
 */
export const parseFeed: ParseFeed = async (document) => {
  const { copy, size } = handedOver(document);
  return runTask('read', copy, size);
};

/** Only used to order renderings in the queue. */
const usualEntryBytes = 2_000;

/** Parses a document like `parseFeed` and identifies its entries, or renders some of them, in the worker thread. */
export const readsFeeds = (run: RunTask = runTask): ReadsFeeds => ({
  identifyFeed: async (document, before = null) => {
    const { copy, size } = handedOver(document);
    return run('identify', { document: copy, before }, size);
  },
  renderEntries: (given) => run('render', given, { bytes: given.entries.length * usualEntryBytes }),
});

/** A document for the worker; a view would transfer its whole buffer. Throws `feed.too-large`. */
const handedOver = ({ bytes, contentType, url }: FeedDocument): { copy: FeedDocument; size: Size } => {
  if (bytes.length > MAX_BYTES) throw refuseLarge(bytes.length, MAX_BYTES);
  const copy = new Uint8Array(bytes);
  return {
    copy: { bytes: copy, contentType, url },
    size: { transfer: [copy.buffer], bytes: copy.length },
  };
};
