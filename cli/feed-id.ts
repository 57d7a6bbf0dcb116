const longest = 40;

const slug = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, longest)
    .replaceAll(/^-+|-+$/g, '');

/** `www.shop.example.co.uk` → `shop-example-co-uk`. */
const hostOf = (url: string): string => slug((URL.parse(url)?.hostname ?? '').replace(/^(www|feeds?)\./, ''));

/**
 * An unused ID for a feed: derived from its title, or from its host if the title has no Latin letters, with a number if
 * it is taken.
 */
export const feedIdFor = (
  feed: { title: string | null; url: string },
  taken: ReadonlySet<string>,
): string => {
  const base = slug(feed.title ?? '') || hostOf(feed.url) || 'feed';
  if (!taken.has(base)) return base;
  let n = 2;
  while (taken.has(`${base}-${n}`)) n += 1;
  return `${base}-${n}`;
};
