import fc from 'fast-check';
import { test } from 'vitest';
import { brokenFeed, contentType, isReadOrRefused } from '../../support/broken-feeds.ts';

const RUNS = 25_000;

test(`${RUNS} broken feeds are read or refused by name, and soon`, { timeout: 600_000 }, async () => {
  await fc.assert(fc.asyncProperty(brokenFeed, contentType, isReadOrRefused), { numRuns: RUNS });
});
