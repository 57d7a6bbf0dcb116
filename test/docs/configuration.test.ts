import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { feedsJsonSchema } from '../../scripts/feeds-schema.ts';

type Schema = {
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
};

const isMap = (schema: Schema): boolean =>
  schema.properties !== undefined || typeof schema.additionalProperties === 'object';

/** The chapter that describes each section of feeds.yml. */
const chapters: Record<string, string> = {
  defaults: 'Feeds',
  feeds: 'Feeds',
  webhooks: 'Webhooks',
  stages: 'Stages',
  alerts: 'Alerts',
  events: 'Events',
  console: 'Console',
  deploy: 'Deploy',
};

/** `post` and `deploy` have their own chapters; header names are the author's. */
const isOpen = (key: string, path: string[]) =>
  key === 'post' || key === 'headers' || (key === 'deploy' && path.length > 0);

/** Every setting by its path, without the author's IDs, for example `feeds`, `only`, `keywords`. */
const settings = (schema: Schema, path: string[] = []): string[][] => {
  const map = schema.anyOf?.find(isMap) ?? schema;
  const below = Object.entries(map.properties ?? {}).flatMap(([key, value]) => [
    [...path, key],
    ...(isOpen(key, path) ? [] : settings(value, [...path, key])),
  ]);
  const { additionalProperties: each } = map;
  return typeof each === 'object' ? [...below, ...settings(each, path)] : below;
};

const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
const chapterOf = (title: string): string =>
  page.split('\n## ').find((chapter) => chapter.startsWith(title)) ?? '';

/** A chapter may name a setting in its own row, in the row of its map, or as one that feeds have too. */
const names = (chapter: string, path: string[]): boolean => {
  const [first = '', last = ''] = [path[0], path.at(-1)];
  const rowOfMap = chapter
    .split('\n')
    .find((line) => line.startsWith(`| \`${path.slice(0, -1).join('.')}\` |`));
  const asForFeeds = /^As for feeds: .*$/m.exec(chapter)?.[0] ?? '';
  return (
    chapter.includes(`| \`${path.join('.')}\` |`) ||
    rowOfMap?.includes(`\`${last}\``) === true ||
    asForFeeds.includes(`\`${first}\``)
  );
};

describe('docs/configuration.md', () => {
  const all = settings(JSON.parse(feedsJsonSchema()));

  it('describes every setting of feeds.yml in its section’s chapter', () => {
    const missing = all.filter(([section = '', ...rest]) => {
      const chapter = chapters[section];
      if (chapter === undefined)
        return !names(chapterOf('The whole file'), [section, ...rest]) && rest.length > 0;
      return rest.length > 0 && !names(chapterOf(chapter), rest);
    });

    expect(all.length).toBeGreaterThan(100);
    expect(missing.map((path) => path.join('.'))).toEqual([]);
  });

  it('describes each setting once per chapter, with its meaning', () => {
    const rows = [...(chapters ? new Set(['The whole file', ...Object.values(chapters)]) : [])].flatMap(
      (title) =>
        chapterOf(title)
          .split('\n')
          .filter((line) => line.startsWith('| `'))
          .map((line) => ({ title, cells: line.split(' | ') })),
    );
    const keys = rows.map(({ title, cells }) => `${title} ${cells[0]}`);

    expect(rows.length).toBeGreaterThan(60);
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
    expect(
      rows.filter(({ cells }) => /^\|?\s*\|?$/.test(cells.at(-1) ?? '')).map(({ cells }) => cells[0]),
    ).toEqual([]);
  });
});
