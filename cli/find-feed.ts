import { bare } from '../lib/adapters/feeds/http/address-guard.ts';
import type { Feed } from '../lib/core/entries/entry.ts';
import { AppError, permanent } from '../lib/core/errors.ts';
import type { FetchFeed, ParseFeed } from '../lib/core/ports.ts';

type Reader = { fetchFeed: FetchFeed; parseFeed: ParseFeed };

/** A feed found at an address. `allowPrivate`: its address is private. `others`: other feeds that the page links to. */
export type FoundFeed = {
  url: string;
  title: string | null;
  entries: number;
  allowPrivate: boolean;
  others: string[];
};

/** Where feeds usually are if a page links to none, in the order in which they are tried. */
const usualPaths = ['/feed', '/feed.xml', '/rss.xml', '/atom.xml', '/index.xml', '/feed.json'];

const deadlineMs = 20_000;

const isCode = (error: unknown, ...codes: string[]): error is AppError =>
  error instanceof AppError && codes.includes(error.code);

type Looked = { kind: 'feed'; url: string; feed: Feed } | { kind: 'page'; url: string; feeds: string[] };

const look = async (
  { fetchFeed, parseFeed }: Reader,
  url: string,
  allowPrivate: boolean,
): Promise<Looked> => {
  const response = await fetchFeed({ url, validators: null, allowPrivate, deadlineMs });
  if (response.kind === 'unchanged')
    throw permanent('feed.unchanged', `${url} returned "not modified" to a first request: try again`);
  try {
    return { kind: 'feed', url: response.permanentUrl ?? url, feed: await parseFeed(response) };
  } catch (error) {
    if (!isCode(error, 'feed.html-page')) throw error;
    return { kind: 'page', url: response.url, feeds: (error.details.feeds as string[] | undefined) ?? [] };
  }
};

/** Whether the private address is that of the host of `url` itself, not of a redirect's target. */
const isItselfPrivate = ({ details }: AppError, url: string): boolean =>
  details.privateHost !== undefined && details.privateHost === bare(new URL(url).hostname);

const privateRedirect = (url: string, error: AppError): AppError =>
  permanent(
    'feed.private-redirect',
    `${url} redirects to ${error.details.privateHost}, which has a private address, so nothing was fetched. If it is in your network, use that address.`,
    { cause: error },
  );

/** An address given by the user may be private; a redirect may not lead to one. */
const lookAnywhere = async (
  reader: Reader,
  url: string,
): Promise<{ looked: Looked; allowPrivate: boolean }> => {
  try {
    return { looked: await look(reader, url, false), allowPrivate: false };
  } catch (error) {
    if (!isCode(error, 'feed.refused') || error.details.privateHost === undefined) throw error;
    if (!isItselfPrivate(error, url)) throw privateRedirect(url, error);
    return { looked: await look(reader, url, true), allowPrivate: true };
  }
};

const lookOrNull = async (reader: Reader, url: string, allowPrivate: boolean): Promise<Looked | null> => {
  try {
    return await look(reader, url, allowPrivate);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
};

/** Feeds of entries before feeds of comments. */
const bestFirst = (urls: string[]): string[] =>
  urls.toSorted((a, b) => Number(/comment/i.test(a)) - Number(/comment/i.test(b)));

/** `www.example.com` is accepted as an address, too. */
const addressOf = (typed: string): string => {
  const text = typed.trim().replace(/^feed:(\/\/)?/i, '');
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
};

/**
 * Finds the feed at an address, or of the page there: one that the page links to, or else one at a usual path. Throws
 * permanent `feed.unknown` if there is none, and what `fetchFeed` and `parseFeed` throw for the address itself.
 */
export const findFeed = async (reader: Reader, typed: string): Promise<FoundFeed> => {
  const url = addressOf(typed);
  const { looked, allowPrivate } = await lookAnywhere(reader, url);
  if (looked.kind === 'feed') return found(looked, allowPrivate, []);

  const named = bestFirst(looked.feeds);
  const candidates = named.length > 0 ? named : usualPaths.map((path) => new URL(path, looked.url).href);
  for (const candidate of candidates) {
    const isSameHost = new URL(candidate).hostname === new URL(url).hostname;
    const one = await lookOrNull(reader, candidate, allowPrivate && isSameHost);
    if (one?.kind === 'feed')
      return found(
        one,
        allowPrivate && isSameHost,
        named.filter((other) => other !== candidate),
      );
  }
  throw permanent(
    'feed.unknown',
    named.length > 0
      ? `${url} is a web page. It links to ${named.join(' , ')} , but no feed can be read there.`
      : `${url} is a web page that links to no feed, and there is none at ${usualPaths.join(' ')}. Look for the feed's address on the site, or ask its publisher.`,
  );
};

const found = (
  { url, feed }: Extract<Looked, { kind: 'feed' }>,
  allowPrivate: boolean,
  others: string[],
): FoundFeed => ({ url, title: feed.title, entries: feed.entries.length, allowPrivate, others });
