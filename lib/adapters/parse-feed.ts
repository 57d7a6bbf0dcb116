import type { ParseFeed } from '../core/ports.ts';

export const parseFeed: ParseFeed = async () => ({
  format: '',
  title: null,
  link: null,
  entries: [],
  hints: { ttlMs: null, skipHours: [], skipDays: [] },
});
