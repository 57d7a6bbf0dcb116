import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readingVersion } from '../../../../lib/adapters/feeds/parse/identify-feed.ts';
import { factsOfFixture } from '../../../support/reading-facts.ts';

const recorded = JSON.parse(
  readFileSync(new URL('../../../fixtures/reading-version.json', import.meta.url), 'utf8'),
) as { version: number; facts: Record<string, string> };

/** If it fails: increment `readingVersion`, and record the new facts with it. */
it('documents are read to other facts only by another version of the reading rules', async () => {
  const names = Object.keys(recorded.facts);
  const found = await Promise.all(names.map(factsOfFixture));

  expect({
    version: readingVersion,
    facts: Object.fromEntries(names.map((name, i) => [name, found[i]])),
  }).toEqual(recorded);
});
