import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { feedsJsonSchema } from '../scripts/feeds-schema.ts';

type Schema = {
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
};

const isMap = (schema: Schema): boolean =>
  schema.properties !== undefined || typeof schema.additionalProperties === 'object';

/** Where the author's own ids stand, and what is told in a table of its own. */
const elsewhere = new Set(['post', 'map', 'fields', 'headers', 'defaults']);

/** A webhook has these maps in common with a feed, whose rows tell what is in them. */
const shared = new Set(['only', 'skip', 'limits', 'utm']);
const isToldElsewhere = (key: string, [section]: string[]) =>
  elsewhere.has(key) || (section === 'webhooks' && shared.has(key));

/** Every setting as the table writes it: `feeds.ID.url`. */
const settings = (schema: Schema, path: string[] = []): string[][] => {
  const map = schema.anyOf?.find(isMap) ?? schema;
  const below = Object.entries(map.properties ?? {}).flatMap(([key, value]) => [
    [...path, key],
    ...(isToldElsewhere(key, path) ? [] : settings(value, [...path, key])),
  ]);
  const { additionalProperties: any } = map;
  return typeof any === 'object' ? [...below, ...settings(any, [...path, 'ID'])] : below;
};

const rows = (): string[] =>
  readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'));

test('the README names every setting of feeds.yml beside the section it belongs to', () => {
  const missing = settings(JSON.parse(feedsJsonSchema())).filter(([section = '', ...rest]) => {
    const key = rest.at(-1) ?? section;
    return !rows().some((row) => row.includes(`\`${section}`) && new RegExp(`[\`.]${key}[\`.]`).test(row));
  });

  expect(missing.map((path) => path.join('.'))).toEqual([]);
});

/** `feeds.ID.every`, `cron`: the names in a row's first column, each with the path of the first. */
const named = (row: string): string[] => {
  const names = [...(row.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  const [first = ''] = names;
  const path = first.slice(0, first.lastIndexOf('.') + 1);
  return names.map((name, i) => (i === 0 ? name : `${path}${name}`));
};

test('the README tells each setting once', () => {
  const start = rows().findIndex((row) => row.startsWith('| `timezone`'));
  const all = rows().slice(start).flatMap(named);

  expect(start).toBeGreaterThan(0);
  expect(all.filter((name, i) => all.indexOf(name) !== i)).toEqual([]);
});
