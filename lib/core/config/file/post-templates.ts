import * as v from 'valibot';
import { templateFaults } from '../../captions/template-values.ts';
import { isObject } from '../../is-object.ts';
import { ownFields, type PostField, postFields, stringFields } from '../../posts/tiktok-post.ts';
import { must } from '../wrong-value.ts';
import { pathTo, type RawCheck, unknownKey } from './config-schema.ts';

type Fault = { path: (string | number)[]; message: string };

/** The brand may be set under `post:` as well as beside it, because it is an API field. */
const allowedOwn = 'brand_id';

/** The fields allowed under `post:`. */
export const settableFields = Object.keys(postFields).filter(
  (field) => field === allowedOwn || !ownFields.has(field),
) as PostField[];

const remedies: Record<string, string> = {
  text: 'is what the caption renders to: write the template as caption, beside post',
  status: 'is decided by publish: remove it',
  auto_publish: 'is decided by publish: remove it',
  creation_source: 'is always RSS_FEED: remove it',
};

/** Whether a text contains Liquid. */
export const isTemplate = (value: unknown): value is string =>
  typeof value === 'string' && /\{[{%]/.test(value);

const textsIn = (value: unknown, path: Fault['path']): { path: Fault['path']; text: string }[] => {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    textsIn(item, [...path, Array.isArray(value) ? Number(key) : key]),
  );
};

// The messages of the post schema begin with the field's name; here the whole path precedes them.
const withoutName = (message: string): string => message.replace(/^(each of )?[\w.]+ /, '');

const literalFaults = (field: PostField, value: unknown): Fault[] => {
  const { issues = [] } = v.safeParse(postFields[field], value);
  return issues.map((issue) => ({
    path: [field, ...(issue.path ?? []).map(({ key }) => key as string | number)],
    message: withoutName(issue.message),
  }));
};

const fieldFaults = (field: string, value: unknown): Fault[] => {
  if (!(field in postFields)) return [{ path: [field], message: unknownKey(field, settableFields) }];
  if (remedies[field]) return [{ path: [field], message: remedies[field] }];
  const syntax = textsIn(value, [field]).flatMap(({ path, text }) =>
    templateFaults(text).map((message) => ({ path, message })),
  );
  if (isTemplate(value) && stringFields.has(field)) return syntax;
  return [...syntax, ...literalFaults(field as PostField, value)];
};

const checkFields: RawCheck = ({ dataset: { value }, addIssue }) => {
  for (const [field, content] of Object.entries(isObject(value) ? value : {})) {
    for (const { path, message } of fieldFaults(field, content)) {
      addIssue({
        message,
        path: pathTo(path, path.length === 1 && !(field in postFields) ? 'key' : 'value'),
      });
    }
  }
};

/**
 * API fields by their API names: literals as the API accepts them, and Liquid templates where it accepts a text. Fields
 * decided by other settings of the feed are rejected, each with the setting to use instead.
 */
export const PostTemplates = v.pipe(
  v.custom<Record<string, unknown>>(
    isObject,
    must('a map of fields of the API', 'write one name, a colon and a value per line'),
  ),
  v.rawCheck(checkFields),
);

/** Each layer sets its brand only once, beside `post` or in it. */
export const oneBrand: RawCheck = ({ dataset: { value }, addIssue }) => {
  if (!isObject(value) || !isObject(value.post)) return;
  const [beside, inside] = [value.brand_id, value.post.brand_id];
  if (beside === undefined || inside === undefined || beside === inside) return;
  addIssue({ message: 'has two brands, in brand_id and in post.brand_id: keep one of them' });
};
