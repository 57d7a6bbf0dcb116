import { createHmac } from 'node:crypto';
import type { FieldName } from '../core/webhooks/source-settings.ts';
import { ignored, isWantedType, publishedFromFields } from './mapping.ts';
import { at, plain } from './payload.ts';
import { matchHeader, usableSecrets, verifyHmac } from './signature.ts';
import type { SignatureScheme, Source } from './source.ts';

const header = 'sanity-webhook-signature';

const signature: SignatureScheme = {
  verify: (request, secrets, _options, now) => {
    const keys = usableSecrets(secrets);
    const [timestamp = '', claim = ''] = matchHeader(request, header, /^t=(\d{12,14}),v1=([\w-]{43})$/);
    const signed = [`${timestamp}.`, request.bytes];
    verifyHmac(
      { algorithm: 'sha256', encoding: 'base64url', signed, claims: [claim], at: Number(timestamp) },
      keys,
      now,
    );
  },
  sign: ({ body, secret, at: time }) => {
    const hmac = createHmac('sha256', secret).update(`${time}.`).update(body);
    return { [header]: `t=${time},v1=${hmac.digest('base64url')}` };
  },
};

/**
 * Sanity with a GROQ-powered webhook. Its projection determines the payload; docs/webhooks/sanity.md contains one to
 * paste. A field is read by our name or by the one set in `fields`. https://www.sanity.io/docs/content-lake/webhooks
 */
export const sanity: Source<'sanity'> = {
  name: 'sanity',
  title: 'Sanity',
  trigger: 'a document is published',
  takes: ['content_types', 'fields', 'link', 'base'],
  needs: [],
  lacks: [],
  signature,
  headers: { 'sanity-operation': 'create' },
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

/** A first publication may have been a draft for months; otherwise the creation date shows an old document. */
const fallback = (payload: unknown, name: FieldName, first: boolean): unknown => {
  if (name === 'published') return at(payload, first ? '_updatedAt' : '_createdAt');
  return name === 'updated' ? at(payload, '_updatedAt') : undefined;
};
