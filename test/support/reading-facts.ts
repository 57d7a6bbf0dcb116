import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { identifyFeed } from '../../lib/adapters/feeds/parse/identify-feed.ts';
import { AppError } from '../../lib/core/errors.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/feeds');

/** A hash of the facts of all entries of a test document; null if it is refused. */
export const factsOfFixture = async (name: string): Promise<string | null> => {
  const bytes = readFileSync(join(FIXTURES, name));
  try {
    const { entries } = await identifyFeed({
      bytes,
      contentType: null,
      url: 'https://publisher.example/feed',
    });
    const facts = entries.map((one) => ('unread' in one ? null : one.facts));
    return hash('sha256', JSON.stringify(facts)).slice(0, 16);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
};
