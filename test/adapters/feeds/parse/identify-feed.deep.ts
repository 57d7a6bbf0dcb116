import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentType, readTwice, twoVersions } from '../../../support/broken-feeds.ts';

const RUNS = 30_000;

test(`${RUNS} broken documents have the same outcome whether they are read as a whole or in part`, {
  timeout: 1_800_000,
}, async () => {
  let inPart = 0;
  await fc.assert(
    fc.asyncProperty(twoVersions, contentType, async (versions, type) => {
      const found = await readTwice(versions, type);
      inPart += found.unread > 0 ? 1 : 0;
      return isDeepStrictEqual(found.inPart, found.whole);
    }),
    { numRuns: RUNS },
  );
  expect(inPart).toBeGreaterThan(RUNS / 5);
});
