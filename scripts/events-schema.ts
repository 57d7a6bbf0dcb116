import { writeFileSync } from 'node:fs';
import { toJsonSchema } from '@valibot/to-json-schema';
import { ChangeEvent } from '../lib/core/change-events/change-event.ts';

const target = new URL('../events.schema.json', import.meta.url);

/** The JSON Schema of the events that are sent to other programs (docs/events.md). */
export const eventsJsonSchema = (): string =>
  `${JSON.stringify({ title: 'An event of rss-drafts', ...toJsonSchema(ChangeEvent) }, null, 2)}\n`;

if (import.meta.main) writeFileSync(target, eventsJsonSchema());
