import type { ParseFeed } from '../core/ports.ts';
import { readFeed } from './parse/read-feed.ts';
import { refuseLarge } from './parse/refuse.ts';

const MAX_BYTES = 10_000_000;

export const parseFeed: ParseFeed = async (document) => {
  if (document.bytes.length > MAX_BYTES) throw refuseLarge(document.bytes.length, MAX_BYTES);
  return readFeed(document);
};
