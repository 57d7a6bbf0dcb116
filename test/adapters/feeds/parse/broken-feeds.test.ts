import fc from 'fast-check';
import { test } from 'vitest';
import { brokenFeed, contentType, isReadOrRefused } from '../../../support/broken-feeds.ts';

test('every broken feed is parsed or refused with a code, promptly', async () => {
  await fc.assert(fc.asyncProperty(brokenFeed, contentType, isReadOrRefused), { numRuns: 300 });
});

test('random bytes are parsed or refused with a code', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), contentType, isReadOrRefused), {
    numRuns: 200,
  });
});
