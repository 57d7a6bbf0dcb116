import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const fixtures = new URL('../../test/fixtures/feeds/', import.meta.url).pathname;
type Expected = { entries?: { title: string | null }[] };

/** The project's own test documents with entries: each file with its titles. */
export const ownDocuments = (): { file: string; titles: (string | null)[] }[] => {
  const names = readdirSync(fixtures).filter((name) => !name.endsWith('.json'));
  return names.flatMap((name) => {
    const expected = join(fixtures, name.replace(/\.\w+$/, '.json'));
    const { entries } = JSON.parse(readFileSync(expected, 'utf8')) as Expected;
    return entries ? [{ file: join(fixtures, name), titles: entries.map(({ title }) => title) }] : [];
  });
};
