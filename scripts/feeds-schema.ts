import { writeFileSync } from 'node:fs';
import { type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import { FeedsFile } from '../lib/config.ts';
import { PostTemplates, settableFields } from '../lib/core/config/file/post-templates.ts';
import { postFields, stringFields } from '../lib/core/posts/tiktok-post.ts';

const target = new URL('../feeds.schema.json', import.meta.url);

// `readConfig` makes the checks that JSON Schema cannot express, hence `ignore`.
const conversion = { errorMode: 'ignore', typeMode: 'output' } as const;

const template = { type: 'string', pattern: '\\{[{%]', description: 'A Liquid template.' } as const;

const postField = (field: (typeof settableFields)[number]): JsonSchema => {
  const { $schema, ...literal } = toJsonSchema(postFields[field], conversion);
  return stringFields.has(field) ? { anyOf: [literal, template] } : literal;
};

const postSchema = (): JsonSchema => ({
  type: 'object',
  description: 'API fields by their API names; texts may be Liquid templates.',
  properties: Object.fromEntries(settableFields.map((field) => [field, postField(field)])),
  additionalProperties: false,
});

/** The JSON Schema of feeds.yml for completion and validation in editors. `readConfig` checks more. */
export const feedsJsonSchema = (): string => {
  const schema = toJsonSchema(FeedsFile, {
    ...conversion,
    definitions: { post: PostTemplates },
    overrideSchema: ({ valibotSchema, jsonSchema }) =>
      valibotSchema.type === 'loose_object' ? { ...jsonSchema, additionalProperties: false } : null,
  });
  schema.patternProperties = { '^x-': {} };
  schema.$defs = { post: postSchema() };
  return `${JSON.stringify({ title: 'feeds.yml', ...schema }, null, 2)}\n`;
};

if (import.meta.main) writeFileSync(target, feedsJsonSchema());
