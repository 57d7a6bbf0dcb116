import { Buffer } from 'node:buffer';
import type {
  Delivery,
  FieldName,
  IgnoredReason,
  Mapped,
  Source,
  SourceOptions,
  WebhookRequest,
} from '../core/webhooks/webhook.ts';
import { at, plain } from './payload.ts';
import { matchHeader, prove, usableSecrets } from './signature.ts';
import { ignored, isWantedType, publishedFromFields } from './story.ts';

const header = 'gcms-signature';
const form = /^sign=([A-Za-z\d+/]{43}=), env=([\w.-]{1,100}), t=(\d{12,14})$/;

/**
 * Hygraph. Signed is not the body itself but a JSON object that holds it, as text, with the environment and the time;
 * its header names all three.
 * https://hygraph.com/docs/api-reference/basics/webhooks
 */
export const hygraph: Source = {
  verify: (request, secrets, _options, now) => {
    const keys = usableSecrets(secrets);
    const [claim = '', environment = '', time = ''] = matchHeader(request, header, form);
    const signed = [wrapped(request, environment, Number(time))];
    prove({ algorithm: 'sha256', encoding: 'base64', signed, claims: [claim], at: Number(time) }, keys, now);
  },
  map: (delivery, options) => {
    const reason = refusal(delivery, options);
    return reason === null ? mapEntry(at(delivery.payload, 'data'), options) : ignored(reason);
  },
};

const wrapped = ({ bytes }: WebhookRequest, EnvironmentName: string, TimeStamp: number): string =>
  JSON.stringify({ Body: Buffer.from(bytes).toString('utf8'), EnvironmentName, TimeStamp });

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
  if ((environment ?? 'master') !== (options.environment ?? 'master')) return 'other-environment';
  return isWantedType(at(payload, 'data', '__typename'), options) ? null : 'other-type';
};

const mapEntry = (data: unknown, options: SourceOptions): Mapped => {
  const texts = localisedTexts(data, options);
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

/** The fields that are localised, in the wanted locale or the first that came; null when the wanted one did not. */
const localisedTexts = (data: unknown, { locale }: SourceOptions): object | null => {
  const all = at(data, 'localizations');
  if (!Array.isArray(all) || all.length === 0) return {};
  const found = locale === null ? all[0] : all.find((one) => at(one, 'locale') === locale);
  return found === undefined ? null : Object(found);
};
