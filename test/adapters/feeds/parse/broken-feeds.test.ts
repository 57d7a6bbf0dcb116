import fc from 'fast-check';
import { test } from 'vitest';
import { brokenFeed, contentType, isReadOrRefused } from '../../../support/broken-feeds.ts';

test('whatever comes is read or refused by name, and soon', async () => {
  await fc.assert(fc.asyncProperty(brokenFeed, contentType, isReadOrRefused), { numRuns: 300 });
});

test('bytes at random are too', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), contentType, isReadOrRefused), {
    numRuns: 200,
  });
});
