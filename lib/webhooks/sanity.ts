import type { FieldName, Source } from '../core/webhooks/webhook.ts';
import { at, plain } from './payload.ts';
import { matchHeader, prove, usableSecrets } from './signature.ts';
import { ignored, isWantedType, publishedFromFields } from './story.ts';

/**
 * Sanity with a GROQ-powered webhook. Its projection makes the payload, so we say in docs/webhooks/sanity.md
 * which one to paste; a field of it is found by our name or by the one given in `fields`.
 * https://www.sanity.io/docs/content-lake/webhooks
 */
export const sanity: Source = {
  verify: (request, secrets, _options, now) => {
    const keys = usableSecrets(secrets);
    const [timestamp = '', claim = ''] = matchHeader(
      request,
      'sanity-webhook-signature',
      /^t=(\d{12,14}),v1=([\w-]{43})$/,
    );
    const signed = [`${timestamp}.`, request.bytes];
    prove(
      { algorithm: 'sha256', encoding: 'base64url', signed, claims: [claim], at: Number(timestamp) },
      keys,
      now,
    );
  },
  map: ({ headers, payload }, options) => {
    const id = plain(at(payload, '_id'));
    if (headers['sanity-operation'] === 'delete' || at(payload, 'operation') === 'delete') {
      return ignored('deleted');
    }
    if (id !== null && /^(drafts|versions)\./.test(id)) return ignored('draft');
    if (!isWantedType(at(payload, '_type'), options)) return ignored('other-type');
    const { fields } = options;
    const first = at(payload, fields.first_published ?? 'firstPublish');
    const read = (name: FieldName) =>
      at(payload, fields[name] ?? name) ?? fallback(payload, name, first === true);
    return publishedFromFields({ id, values: Object(payload), read, first }, options);
  },
};

/** What is published for the first time may have been a draft for months; else, only its age tells an old one. */
const fallback = (payload: unknown, name: FieldName, first: boolean): unknown => {
  if (name === 'published') return at(payload, first ? '_updatedAt' : '_createdAt');
  return name === 'updated' ? at(payload, '_updatedAt') : undefined;
};
