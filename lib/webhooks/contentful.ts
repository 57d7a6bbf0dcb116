import type {
  Delivery,
  FieldName,
  Mapped,
  Source,
  SourceOptions,
  WebhookRequest,
} from '../core/webhooks/webhook.ts';
import { at, plain } from './payload.ts';
import { malformed, matchHeader, prove, requiredHeader, usableSecrets } from './signature.ts';
import { ignored, isWantedType, publishedFromFields } from './story.ts';

const timeHeader = 'x-contentful-timestamp';
const listHeader = 'x-contentful-signed-headers';

/**
 * Contentful with request verification. Signed are method, path, the listed headers and the body; the list must
 * hold the time, or that would prove nothing.
 * https://www.contentful.com/developers/docs/extensibility/webhooks/request-verification/
 */
export const contentful: Source = {
  verify: (request, secrets, options, now) => {
    const keys = usableSecrets(secrets);
    const [claim = ''] = matchHeader(request, 'x-contentful-signature', /^([\da-f]{64})$/);
    const [timestamp = ''] = matchHeader(request, timeHeader, /^(\d{12,14})$/);
    const signed = [canonicalHead(request, options.path ?? request.path), request.bytes];
    prove(
      { algorithm: 'sha256', encoding: 'hex', signed, claims: [claim], at: Number(timestamp) },
      keys,
      now,
    );
  },
  map: (delivery, options) => refusal(delivery, options) ?? mapEntry(delivery.payload, options),
};

const canonicalHead = (request: WebhookRequest, path: string): string => {
  const [list = ''] = matchHeader(request, listHeader, /^([\w-]+(?:, ?[\w-]+)*)$/);
  const names = list.toLowerCase().split(/, ?/);
  if (!names.includes(timeHeader)) throw malformed(listHeader);
  const lines = [...new Set(names)].sort().map((name) => `${name}:${requiredHeader(request, name).trim()}`);
  return `${request.method}\n${encodeURI(path.toWellFormed())}\n${lines.join(';')}\n`;
};

const refusal = ({ headers, payload }: Delivery, options: SourceOptions): Mapped | null => {
  const [, type, action] = (headers['x-contentful-topic'] ?? '').split('.');
  const sys = at(payload, 'sys');
  if (type !== 'Entry') return ignored('other-event');
  if (action === 'delete') return ignored('deleted');
  if (action === 'unpublish') return ignored('unpublished');
  if (action === 'archive') return ignored('archived');
  if (action !== 'publish') return ignored('draft'); // create, save, auto_save, unarchive
  if (at(sys, 'type') !== 'Entry') return ignored('deleted');
  if (at(sys, 'environment', 'sys', 'id') !== (options.environment ?? 'master')) {
    return ignored('other-environment');
  }
  return isWantedType(at(sys, 'contentType', 'sys', 'id'), options) ? null : ignored('other-type');
};

const mapEntry = (payload: unknown, options: SourceOptions): Mapped => {
  const sys = at(payload, 'sys');
  const values = localised(at(payload, 'fields'), options.locale ?? 'en-US');
  const read = (name: FieldName) => {
    const value = values[options.fields[name] ?? name];
    if (name === 'published') {
      return value ?? at(sys, 'firstPublishedAt') ?? at(sys, 'publishedAt') ?? at(sys, 'updatedAt');
    }
    if (name === 'categories') return value ?? tagsOf(payload);
    return name === 'updated' ? (value ?? at(sys, 'updatedAt')) : value;
  };
  return publishedFromFields({ id: plain(at(sys, 'id')), values, read, first: isFirst(sys) }, options);
};

/** Tags come as links, whose ids are made of their names when these are given. */
const tagsOf = (payload: unknown): unknown[] => {
  const tags = at(payload, 'metadata', 'tags');
  return Array.isArray(tags) ? tags.map((tag) => at(tag, 'sys', 'id')) : [];
};

/** `revision` and `publishedCounter` count publications from 1; neither is sent by every version of the API. */
const isFirst = (sys: unknown): boolean | undefined => {
  const count = at(sys, 'publishedCounter') ?? at(sys, 'revision');
  return typeof count === 'number' ? count <= 1 : undefined;
};

/** All fields of the entry in one locale; links to other entries have no text, and are left as they are. */
const localised = (fields: unknown, locale: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(Object(fields)).map(([name, value]) => [name, at(value, locale)]));
