import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';
import type { FieldName, SourceOptions } from '../core/webhooks/source-settings.ts';
import type { Delivery, IgnoredReason, Mapped } from '../core/webhooks/webhook.ts';
import { ignored, isWantedType, publishedFromFields } from './mapping.ts';
import { at, plain } from './payload.ts';
import { matchHeader, usableSecrets, verifyHmac } from './signature.ts';
import type { SignatureScheme, Source } from './source.ts';

const header = 'gcms-signature';
const usualEnvironment = 'master';
const form = /^sign=([A-Za-z\d+/]{43}=), env=([\w.-]{1,100}), t=(\d{12,14})$/;

/**
 * The signature covers a JSON object with the body as text, the environment and the time; its header contains all
 * three. https://hygraph.com/docs/api-reference/basics/webhooks
 */
const signature: SignatureScheme = {
  verify: (request, secrets, _options, now) => {
    const keys = usableSecrets(secrets);
    const [claim = '', environment = '', time = ''] = matchHeader(request, header, form);
    const signed = [wrapped(request.bytes, environment, Number(time))];
    verifyHmac(
      { algorithm: 'sha256', encoding: 'base64', signed, claims: [claim], at: Number(time) },
      keys,
      now,
    );
  },
  sign: ({ body, secret, at: time }) => {
    const hmac = createHmac('sha256', secret).update(wrapped(body, usualEnvironment, time));
    return { [header]: `sign=${hmac.digest('base64')}, env=${usualEnvironment}, t=${time}` };
  },
};

export const hygraph: Source<'hygraph'> = {
  name: 'hygraph',
  title: 'Hygraph',
  trigger: 'an entry is published',
  takes: ['content_types', 'environment', 'locale', 'fields', 'link', 'base'],
  needs: ['content_types'],
  lacks: ['link', 'media_ids'],
  signature,
  map: (delivery, options) => {
    const reason = refusal(delivery, options);
    return reason === null ? mapEntry(at(delivery.payload, 'data'), options) : ignored(reason);
  },
};

const wrapped = (body: Uint8Array, EnvironmentName: string, TimeStamp: number): string =>
  JSON.stringify({ Body: Buffer.from(body).toString('utf8'), EnvironmentName, TimeStamp });

const otherOperations: Readonly<Record<string, IgnoredReason>> = {
  create: 'draft',
  update: 'draft',
  unpublish: 'unpublished',
  delete: 'deleted',
};

const refusal = ({ headers, payload }: Delivery, options: SourceOptions): IgnoredReason | null => {
  const operation = String(at(payload, 'operation'));
  const [, , environment] = form.exec(headers[header] ?? '') ?? [];
  if (operation !== 'publish') return otherOperations[operation] ?? 'other-event';
  if ((environment ?? usualEnvironment) !== (options.environment ?? usualEnvironment))
    return 'other-environment';
  return isWantedType(at(payload, 'data', '__typename'), options) ? null : 'other-type';
};

const mapEntry = (data: unknown, options: SourceOptions): Mapped => {
  const texts = localizedTexts(data, options);
  if (texts === null) return ignored('other-locale');
  const values = { ...texts, ...Object(data) };
  const read = (name: FieldName) => {
    const value = at(values, options.fields[name] ?? name);
    if (name === 'published') return value ?? at(data, 'publishedAt') ?? at(data, 'updatedAt');
    if (name === 'updated') return value ?? at(data, 'updatedAt');
    return at(value, 'raw') ?? at(value, 'json') ?? value; // rich text comes in a wrapper
  };
  return publishedFromFields({ id: plain(at(data, 'id')), values, read }, options);
};

/** The localized fields in the configured locale, by default the first in the payload; null if it is absent. */
const localizedTexts = (data: unknown, { locale }: SourceOptions): object | null => {
  const all = at(data, 'localizations');
  if (!Array.isArray(all) || all.length === 0) return {};
  const found = locale === null ? all[0] : all.find((one) => at(one, 'locale') === locale);
  return found === undefined ? null : Object(found);
};
