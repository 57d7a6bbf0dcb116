import { createHmac } from 'node:crypto';
import type { FieldName, SourceOptions } from '../core/webhooks/source-settings.ts';
import type { Delivery, Mapped, WebhookRequest } from '../core/webhooks/webhook.ts';
import { ignored, isWantedType, publishedFromFields } from './mapping.ts';
import { at, plain } from './payload.ts';
import { malformed, matchHeader, requiredHeader, usableSecrets, verifyHmac } from './signature.ts';
import type { SignatureScheme, Source } from './source.ts';

const signatureHeader = 'x-contentful-signature';
const timeHeader = 'x-contentful-timestamp';
const topicHeader = 'x-contentful-topic';
const publication = 'ContentManagement.Entry.publish';
const listHeader = 'x-contentful-signed-headers';

/**
 * The signature covers method, path, the listed headers and the body. The list must include the time, or a delivery
 * could be replayed. https://www.contentful.com/developers/docs/extensibility/webhooks/request-verification/
 */
const signature: SignatureScheme = {
  verify: (request, secrets, options, now) => {
    const keys = usableSecrets(secrets);
    const [claim = ''] = matchHeader(request, signatureHeader, /^([\da-f]{64})$/);
    const [timestamp = ''] = matchHeader(request, timeHeader, /^(\d{12,14})$/);
    const signed = [canonicalHead(request, options.path ?? request.path), request.bytes];
    verifyHmac(
      { algorithm: 'sha256', encoding: 'hex', signed, claims: [claim], at: Number(timestamp) },
      keys,
      now,
    );
  },
  sign: ({ body, secret, at: time, path }) => {
    const headers = {
      [listHeader]: `${listHeader},${timeHeader},${topicHeader}`,
      [timeHeader]: String(time),
      [topicHeader]: publication,
    };
    const head = canonicalHead({ method: 'POST', headers }, path);
    const hmac = createHmac('sha256', secret).update(head).update(body);
    return { ...headers, [signatureHeader]: hmac.digest('hex') };
  },
};

/** Contentful with request verification. */
export const contentful: Source<'contentful'> = {
  name: 'contentful',
  title: 'Contentful',
  trigger: 'an entry is published',
  takes: ['content_types', 'environment', 'locale', 'fields', 'link', 'base', 'path'],
  needs: ['content_types'],
  lacks: ['link', 'media_ids'],
  signature,
  headers: { [topicHeader]: publication },
  map: (delivery, options) => refusal(delivery, options) ?? mapEntry(delivery.payload, options),
};

const canonicalHead = (request: Pick<WebhookRequest, 'method' | 'headers'>, path: string): string => {
  const [list = ''] = matchHeader(request, listHeader, /^([\w-]+(?:, ?[\w-]+)*)$/);
  const names = list.toLowerCase().split(/, ?/);
  if (!names.includes(timeHeader)) throw malformed(listHeader);
  const lines = [...new Set(names)].sort().map((name) => `${name}:${requiredHeader(request, name).trim()}`);
  return `${request.method}\n${encodeURI(path.toWellFormed())}\n${lines.join(';')}\n`;
};

const refusal = ({ headers, payload }: Delivery, options: SourceOptions): Mapped | null => {
  const [, type, action] = (headers[topicHeader] ?? '').split('.');
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
  const values = localized(at(payload, 'fields'), options.locale ?? 'en-US');
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

/** Tags are links whose IDs are derived from their names. */
const tagsOf = (payload: unknown): unknown[] => {
  const tags = at(payload, 'metadata', 'tags');
  return Array.isArray(tags) ? tags.map((tag) => at(tag, 'sys', 'id')) : [];
};

/** `revision` and `publishedCounter` count publications from 1; neither is sent by every version of the API. */
const isFirst = (sys: unknown): boolean | undefined => {
  const count = at(sys, 'publishedCounter') ?? at(sys, 'revision');
  return typeof count === 'number' ? count <= 1 : undefined;
};

/** All fields of the entry in one locale. Links to other entries contain no text and are kept as they are. */
const localized = (fields: unknown, locale: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(Object(fields)).map(([name, value]) => [name, at(value, locale)]));
