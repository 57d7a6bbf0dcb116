import { toJsonSchema } from '@valibot/to-json-schema';
import { duration } from '../../lib/core/config/file/config-schema.ts';
import { code, table } from './markdown.ts';

/** The part of JSON Schema used by feeds.schema.json. */
export type Schema = {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string;
  const?: unknown;
  enum?: string[];
  anyOf?: Schema[];
  items?: Schema;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  maxItems?: number;
  maxLength?: number;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  required?: string[];
  description?: string;
};

export type Setting = { name: string; schema: Schema; required: boolean };

/** Hides `null`, which only stands for an empty map in feeds.yml. */
export const withoutNull = (schema: Schema): Schema => {
  const [only, ...more] = schema.anyOf?.filter(({ type }) => type !== 'null') ?? [];
  return only && more.length === 0 ? { ...schema, ...only, anyOf: only.anyOf as Schema[] } : schema;
};

const durationPattern = toJsonSchema(duration, { errorMode: 'ignore' }).pattern;

const numberOf = ({ minimum, maximum }: Schema): string => {
  if (minimum === undefined || maximum === undefined) return 'number';
  return maximum === Number.MAX_SAFE_INTEGER ? 'whole number' : `whole number, ${minimum} to ${maximum}`;
};

const pluralOf: Record<string, string> = { integer: 'numbers', number: 'numbers', object: 'maps' };

const listOf = ({ items = {}, maxItems }: Schema): string =>
  `list of ${pluralOf[items.type ?? ''] ?? 'texts'}${maxItems ? `, at most ${maxItems}` : ''}`;

const textOf = ({ pattern, maxLength }: Schema): string => {
  if (pattern === durationPattern) return 'duration, such as `15m`, `1h`, `2d`';
  return maxLength ? `text, at most ${maxLength} characters` : 'text';
};

const byType: Record<string, (schema: Schema) => string> = {
  boolean: () => '`true` or `false`',
  integer: numberOf,
  number: numberOf,
  array: listOf,
  string: textOf,
};

/** The allowed values of a setting. */
export const allowedValue = (given: Schema): string => {
  const schema = withoutNull(given);
  if (schema.anyOf) return [...new Set(schema.anyOf.map(allowedValue))].join(', or ');
  if (schema.const !== undefined) return code(String(schema.const));
  if (schema.enum) return schema.enum.map(code).join(', ');
  return byType[schema.type ?? '']?.(schema) ?? 'map';
};

const childrenOf = (given: Schema): [string, Schema][] => {
  const schema = withoutNull(given);
  const map = schema.anyOf?.find(({ properties }) => properties) ?? schema;
  return Object.entries(map.properties ?? {});
};

/** Every setting of a map that has a description; settings of nested maps as `only.keywords`. */
export const settingsIn = (map: Schema, prefix = ''): Setting[] =>
  Object.entries(map.properties ?? {}).flatMap(([name, schema]) => [
    { name: `${prefix}${name}`, schema, required: map.required?.includes(name) ?? false },
    ...settingsIn(
      {
        properties: Object.fromEntries(childrenOf(schema).filter(([, { description }]) => description)),
        required: withoutNull(schema).required ?? [],
      },
      `${prefix}${name}.`,
    ),
  ]);

/** Keys without a description of their own are listed with their map. */
const otherKeys = (schema: Schema): string => {
  const names = childrenOf(schema).flatMap(([name, { description }]) => (description ? [] : [code(name)]));
  return names.length === 0 ? '' : ` Keys: ${names.join(', ')}.`;
};

/** Splits off the default, which is the last sentence of a description. */
const parted = (description: string): { meaning: string; byDefault: string } => {
  const [, meaning = '', byDefault = '–'] = /^(.*?)(?:\s*Default: (.*?)\.)?$/s.exec(description) ?? [];
  return { meaning, byDefault };
};

const rowOf = ({ name, schema, required }: Setting): string[] => {
  const { meaning, byDefault } = parted(withoutNull(schema).description ?? '');
  return [
    code(name),
    allowedValue(schema),
    required ? 'required' : byDefault,
    `${meaning}${otherKeys(schema)}`,
  ];
};

/** One line per setting: value, default and meaning. */
export const settingsTable = (settings: readonly Setting[]): string =>
  table(['setting', 'value', 'default', 'meaning'], settings.map(rowOf));
