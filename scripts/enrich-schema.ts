import { writeFileSync } from 'node:fs';
import { toJsonSchema } from '@valibot/to-json-schema';
import { Answer } from '../lib/core/enrich/answer.ts';
import { Question } from '../lib/core/enrich/question.ts';

const target = new URL('../enrich.schema.json', import.meta.url);

// `readAnswer` makes the checks that JSON Schema cannot express, hence `ignore`.
const conversion = { errorMode: 'ignore', typeMode: 'output' } as const;

const definition = (schema: Parameters<typeof toJsonSchema>[0]) => {
  const { $schema, ...rest } = toJsonSchema(schema, conversion);
  return rest;
};

/** The JSON Schema of what a hook gets and may answer (docs/enrich.md). */
export const enrichJsonSchema = (): string => {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'The hook of rss-drafts: what it gets, and what it may answer',
    $defs: { question: definition(Question), answer: { ...definition(Answer), additionalProperties: false } },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
};

if (import.meta.main) writeFileSync(target, enrichJsonSchema());
