import type { FieldName, Mapped, Source, SourceOptions } from '../core/webhooks/webhook.ts';
import { textOfMarkdown } from './markdown.ts';
import { at, plain } from './payload.ts';
import { bearerRule, verifyByRule } from './signature.ts';
import { ignored, isWantedType, publishedFromFields } from './story.ts';

/** The locale that Strapi itself begins with. A payload does not tell which one is the site's. */
const usualLocale = 'en';

/**
 * Strapi 4 and 5. It signs nothing: a header with the secret in it, set by hand, is all the proof there is.
 * https://docs.strapi.io/cms/backend-customization/webhooks
 */
export const strapi: Source = {
  verify: (request, secrets, options, now) =>
    verifyByRule(options.verify ?? bearerRule, request, secrets, now),
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
    // without "draft and publish" an entry is public once created, and has no date of publication or one at once
    if (event === 'entry.create' && at(entry, 'publishedAt') === null) return ignored('draft');
    return mapEntry(payload, entry, event === 'entry.create', options);
  },
};

/** Only what is localised has a locale. */
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
 * Strapi 5 gives a new `id` to each publication; what stays is the document. Two webhooks may take two locales of it,
 * each for a draft of its own.
 */
const identity = (payload: unknown, entry: unknown, { locale }: SourceOptions): string | null => {
  const id = plain(at(entry, 'documentId')) ?? plain(at(entry, 'id'));
  const parts = [plain(at(payload, 'model')), id, locale];
  return id === null ? null : parts.filter((part) => part !== null).join(':');
};
