import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

// SECURITY.md names the test of each promise by file and title.

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const page = read('SECURITY.md');

const sectionOf = (heading: string): string =>
  page.split(/^## /m).find((one) => one.startsWith(heading)) ?? '';
const rowsOf = (section: string): string[] =>
  section.split('\n').filter((line) => line.startsWith('| ') && !/^\| (?:who|threat|---) \|/.test(line));
const paragraphsOf = (section: string): string[] =>
  section
    .split('\n\n')
    .slice(1)
    .filter((paragraph) => !paragraph.startsWith('|'));
const bulletsOf = (section: string): string[] => section.split(/^- /m).slice(1);
const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ');

/** Every named test file, with the titles that follow it before the next file. */
const named = page
  .split(/(?=`test\/[\w./-]+\.ts`)/)
  .slice(1)
  .map((text) => {
    const file = /^`([^`]+)`/.exec(text)?.[1] ?? '';
    const until = text.split(/\|\n|\n\n|\n- /)[0] ?? '';
    return { file, titles: [...oneLine(until).matchAll(/“([^”]+)”/g)].map(([, title = '']) => title) };
  });
const titled = named.flatMap(({ file, titles }) => titles.map((title) => [title, file] as const));

/** Statements that promise nothing and name no test. */
const promisesNothing = [
  'The content of a feed is posted.',
  'Some content systems [sign nothing]',
  'Addresses are checked, names are not',
  'Encryption uses AWS',
];

describe('SECURITY.md', () => {
  it.each(titled)('names an existing test: %s (%s)', (title, file) => {
    expect(oneLine(read(file))).toContain(title);
  });

  it('names a title for each test, except where the whole file is the proof', () => {
    const whole = named.filter(({ titles }) => titles.length === 0).map(({ file }) => file);

    expect(titled.length).toBeGreaterThan(40);
    expect([...new Set(whole)].toSorted()).toEqual([
      'test/adapters/feeds/parse/linear.steps.test.ts',
      'test/crash/every-await-auto.deep.ts',
      'test/crash/every-await-auto.test.ts',
      'test/infra/least-privilege.test.ts',
    ]);
  });

  it.each(['Who can reach what', 'What each guard stops'])('names a test in each row of "%s"', (heading) => {
    const rows = rowsOf(sectionOf(heading));

    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter((row) => !/“[^”]+”|\| nothing is promised \|$/.test(row))).toEqual([]);
  });

  it.each(['Who can reach what', 'What each guard stops'])(
    'names a test in each paragraph below the table of "%s"',
    (heading) => {
      const paragraphs = paragraphsOf(sectionOf(heading)).filter(
        (text) => text.trim().split('\n').length > 1,
      );

      expect(paragraphs).toHaveLength(1);
      expect(paragraphs.filter((text) => !text.includes('`test/'))).toEqual([]);
    },
  );

  it('names a test for each limit that still promises something', () => {
    const bare = bulletsOf(sectionOf('What is not defended')).filter((bullet) => !bullet.includes('`test/'));

    expect(bare.map((bullet) => /^\*\*([^*]+)\*\*/.exec(bullet)?.[1])).toEqual(
      promisesNothing.map((start) => expect.stringContaining(start)),
    );
  });
});
