import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { states } from '../lib/core/ledger/row.ts';
import { eventsJsonSchema } from '../scripts/events-schema.ts';

const schema = JSON.parse(eventsJsonSchema());

test('events.schema.json matches the code (run npm run schema)', () => {
  const kept = readFileSync(new URL('../events.schema.json', import.meta.url), 'utf8');

  expect(kept).toBe(eventsJsonSchema());
});

test('the schema has an event for every state of an entry, and names its version', () => {
  const [entry] = schema.oneOf ?? schema.anyOf;

  expect(entry.properties.type.enum).toEqual(states.map((state) => `entry.${state}`));
  expect(entry.properties.schema_version.const).toBe(1);
});
