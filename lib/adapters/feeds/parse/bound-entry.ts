import type { Entry } from '../../../core/entries/entry.ts';
import { atMost } from '../../../core/text/at-most.ts';
import { type Budget, budget, MAX_ADDRESS, MAX_LABEL, MAX_LISTED, MAX_READ, MAX_TEXT } from './limits.ts';

const whole = (text: string | null): string | null => text?.toWellFormed() ?? null;
const text = (raw: string | null): string | null =>
  raw === null ? null : atMost(raw, MAX_TEXT).toWellFormed();
const label = (raw: string): string => atMost(raw, MAX_LABEL).toWellFormed().trim();

const addresses = <T>(all: readonly T[], urlOf: (one: T) => string): T[] =>
  all.filter((one) => urlOf(one).length <= MAX_ADDRESS).slice(0, MAX_LISTED);

const bounded = (entry: Entry): Entry => {
  const images = addresses(entry.images, (url) => url).map((url) => url.toWellFormed());
  return {
    ...entry,
    id: whole(entry.id),
    link: whole(entry.link),
    title: text(entry.title),
    summary: text(entry.summary),
    content: text(entry.content),
    author: entry.author === null ? null : label(entry.author) || null,
    categories: entry.categories.slice(0, MAX_LISTED).map(label),
    image: entry.image?.toWellFormed() ?? null,
    images,
    video: entry.video && entry.video.url.length <= MAX_ADDRESS ? entry.video : null,
    enclosures: addresses(entry.enclosures, ({ url }) => url),
  };
};

const charactersOf = (entry: Entry): number => {
  const { id, link, title, summary, content, author, categories, images, enclosures } = entry;
  const texts = [id, link, title, summary, content, author, ...categories, ...images];
  return [...texts, ...enclosures.map(({ url }) => url)].reduce((sum, one) => sum + (one?.length ?? 0), 0);
};

const spending = (spend: Budget, entry: Entry): Entry => {
  spend(charactersOf(entry));
  return entry;
};

/**
 * Limits entries: whole characters, each text and list within its limit, and all together within theirs. IDs and links
 * are never cut, because they identify. Throws permanent `feed.too-large`.
 */
export const boundEntries = (): ((entry: Entry) => Entry) => {
  const spend = budget(2 * MAX_READ, 'The entries of the document have');
  return (entry) => spending(spend, bounded(entry));
};
