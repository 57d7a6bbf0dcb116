import type { FieldName, SourceOptions } from '../core/webhooks/source-settings.ts';
import type { Mapped } from '../core/webhooks/webhook.ts';
import { ignored, isWantedType, publishedFromFields } from './mapping.ts';
import { textOfMarkdown } from './markdown.ts';
import { at, plain } from './payload.ts';
import { bearerRule } from './signature.ts';
import type { Source } from './source.ts';

/** The default locale of a new Strapi project. A payload does not show which one the site uses. */
const usualLocale = 'en';

/**
 * Strapi 4 and 5. Deliveries are not signed, but authenticated by a header with the secret, which you add in Strapi.
 * https://docs.strapi.io/cms/backend-customization/webhooks
 */
export const strapi: Source<'strapi'> = {
  name: 'strapi',
  title: 'Strapi',
  trigger: 'an entry is published',
  takes: ['verify', 'content_types', 'locale', 'fields', 'link', 'base'],
  needs: ['content_types'],
  lacks: ['link', 'media_ids'],
  verifyForms: ['static_header'],
  signature: bearerRule,
  warnings: ({ locale }) =>
    locale === null
      ? [
          `has no locale: for localized content types only "${usualLocale}", Strapi’s default, is accepted; set locale to yours, or to ${usualLocale}`,
        ]
      : [],
  map: ({ payload }, options) => {
    const entry = at(payload, 'entry');
    const event = at(payload, 'event');
    if (event === 'trigger-test') return ignored('test');
    if (event === 'entry.delete') return ignored('deleted');
    if (event === 'entry.unpublish') return ignored('unpublished');
    if (!['entry.publish', 'entry.create', 'entry.update'].includes(String(event)))
      return ignored('other-event');
    if (!isWantedType(at(payload, 'model'), options)) return ignored('other-type');
    if (isOtherLocale(entry, options)) return ignored('other-locale');
    if (event === 'entry.update') return ignored(at(entry, 'publishedAt') === null ? 'draft' : 'update');
    // without "draft and publish", an entry is public when created, and has no publication date or the creation date
    if (event === 'entry.create' && at(entry, 'publishedAt') === null) return ignored('draft');
    return mapEntry(payload, entry, event === 'entry.create', options);
  },
};

/** An entry of a type that is not localized has no locale. */
const isOtherLocale = (entry: unknown, { locale }: SourceOptions): boolean =>
  (plain(at(entry, 'locale')) ?? locale ?? usualLocale) !== (locale ?? usualLocale);

const prose: ReadonlySet<FieldName> = new Set(['summary', 'content']);

const mapEntry = (payload: unknown, entry: unknown, created: boolean, options: SourceOptions): Mapped => {
  const read = (name: FieldName) => {
    const value = at(entry, options.fields[name] ?? name);
    if (name === 'published') return value ?? at(entry, 'publishedAt') ?? at(entry, 'createdAt');
    if (name === 'updated') return value ?? at(entry, 'updatedAt');
    return prose.has(name) && typeof value === 'string' ? textOfMarkdown(value) : value;
  };
  const id = identity(payload, entry, options);
  return publishedFromFields({ id, values: Object(entry), read, first: created || undefined }, options);
};

/**
 * Strapi 5 assigns a new `id` to each publication; the document's ID stays. Two webhooks may handle two locales of a
 * document, each with its own draft.
 */
const identity = (payload: unknown, entry: unknown, { locale }: SourceOptions): string | null => {
  const id = plain(at(entry, 'documentId')) ?? plain(at(entry, 'id'));
  const parts = [plain(at(payload, 'model')), id, locale];
  return id === null ? null : parts.filter((part) => part !== null).join(':');
};
