import { permanent } from '../../../core/errors.ts';
import { htmlToText, oneLine } from '../../../core/text/html-text.ts';
import { visitHtml } from '../../../core/text/html-visit.ts';
import { resolveUrl } from './resolve-url.ts';

/** The parts of a document that a refusal needs. */
export type Refused = { text: string; contentType: string | null; url: string };

const shown = (text: string, length: number): string => {
  const line = oneLine(text.slice(0, 4 * length).replace(/[^\p{L}\p{N}\p{P}\p{S}\p{Zs}\n]/gu, ' '));
  return line.length > length ? `${line.slice(0, length)}…` : line;
};

/** Describes a document by its content type and beginning. */
const described = ({ text, contentType }: Refused): string =>
  `The content type is ${contentType ? `"${shown(contentType, 80)}"` : 'not stated'}; it begins with "${shown(text, 80)}".`;

const refusal = (reason: string, message: string, document: Refused, details: Record<string, unknown> = {}) =>
  permanent(`feed.${reason}`, `${message} ${described(document)}`, { details });

const FEED_TYPES = /^(?:application\/(?:rss\+xml|atom\+xml|rdf\+xml|feed\+json|json)|text\/xml)\b/i;

/** The feeds that a page advertises with `<link rel="alternate">`. */
const advertised = ({ text, url }: Refused): string[] => {
  const feeds: string[] = [];
  visitHtml(text.slice(0, 500_000), {
    attributesOf: new Set(['link']),
    open: (name, attributes) => {
      const isFeed =
        /\balternate\b/i.test(attributes.get('rel') ?? '') &&
        FEED_TYPES.test(attributes.get('type')?.trim() ?? '');
      const feed = name === 'link' && isFeed ? resolveUrl(attributes.get('href'), url || null) : null;
      if (feed !== null && feeds.length < 5 && !/\/wp-json\//.test(feed)) feeds.push(feed);
    },
  });
  return feeds;
};

const CHALLENGES =
  /just a moment\.\.\.|cf-chl-|cf_chl_|challenge-platform|attention required! \| cloudflare|ddos-guard|_incapsula_resource|px-captcha|captcha-delivery|sgcaptcha|awswafcookiedomainlist|verify(?:ing)? (?:that )?you are (?:a )?human|checking your browser|are you a robot|enable javascript and cookies/i;

/** Scripts that set a cookie and reload, and notices for browsers without cookies. */
const COOKIE_WANTED =
  /document\.cookie\s{0,9}=|(?:enable|turn on|activate|requires?) (?:your )?(?:browser )?(?:cookies|javascript)|(?:cookies|javascript) (?:is|are|must be|to be) (?:disabled|required|enabled|turned off)|(?:cookies|javascript) aktivieren|aktivieren sie (?:bitte )?(?:cookies|javascript)|activer? (?:les cookies|javascript)|activez (?:les cookies|javascript)|(?:active|habilite) (?:las cookies|javascript)/i;

/** A page with more text than this is a normal page of a site, even if it has such a notice. */
const MAX_NOTICE = 1_500;

const wantsCookie = (text: string): boolean =>
  COOKIE_WANTED.test(text) && htmlToText(text).length <= MAX_NOTICE;

const pageRemedy = (feeds: readonly string[]): string =>
  feeds.length === 0
    ? 'It links to no feed.'
    : `It links to its feed: ${feeds.join(' , ')} . Use that address.`;

/**
 * Refuses a page instead of a feed, permanent: `feed.html-page` with the feeds it advertises; `feed.challenge` and
 * `feed.wants-cookie` if it advertises none and requires a human or a browser.
 */
export const refusePage = (document: Refused) => {
  const feeds = advertised(document);
  const start = document.text.slice(0, 100_000);
  if (feeds.length === 0 && CHALLENGES.test(start)) return refusal('challenge', CHALLENGED, document);
  if (feeds.length === 0 && wantsCookie(start)) return refusal('wants-cookie', COOKIE_PAGE, document);
  return refusal('html-page', `This is an HTML page, not a feed. ${pageRemedy(feeds)}`, document, { feeds });
};

const CHALLENGED =
  'The server sent a bot check instead of the feed. Ask the publisher to allow the User-Agent.';
const COOKIE_PAGE =
  'The server sent a page that requires cookies or JavaScript instead of the feed. Ask the publisher to serve the feed without them.';

export const refuseEmpty = ({ contentType }: Refused) =>
  permanent(
    'feed.empty',
    `The document is empty. The content type is ${contentType ? `"${shown(contentType, 80)}"` : 'not stated'}.`,
  );

/** Other XML: a sitemap, a storage error, OPML. */
export const refuseXml = (name: string, document: Refused) =>
  refusal(
    'other-xml',
    `This is XML, but not RSS, RDF or Atom: its first element is <${shown(name, 40)}>.`,
    document,
  );

export const refuseJson = (document: Refused) =>
  refusal(
    'other-json',
    'This is JSON, but not a JSON Feed: it lacks "version": "https://jsonfeed.org/version/1…" and "items".',
    document,
  );

export const refuseBrokenJson = (document: Refused, cause: unknown) =>
  permanent('feed.broken-json', `This is a JSON Feed that cannot be read as JSON. ${described(document)}`, {
    cause,
  });

export const refuseTruncated = (document: Refused) =>
  refusal('truncated', 'The feed is cut off before its first entry is complete.', document);

export const refuseUnknown = (document: Refused) =>
  refusal('not-a-feed', 'This is neither XML nor JSON, so it cannot be a feed.', document);

/** Does not quote the document, because the cause may be anywhere in it. */
export const refuseUnreadable = (cause: unknown) =>
  permanent('feed.unreadable', `Reading the document failed: ${cause}.`, { cause });

export const refuseLarge = (bytes: number, limit: number) =>
  permanent('feed.too-large', `The document has ${bytes} bytes; at most ${limit} are read.`);
