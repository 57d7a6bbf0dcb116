import { isMap, LineCounter, parseDocument } from 'yaml';
import { plain } from '../local/plain-text.ts';

/** A feed as it is written into feeds.yml; `title` stands beside it as a comment. */
export type NewFeed = {
  id: string;
  url: string;
  title: string | null;
  brandId?: number | undefined;
  allowPrivate?: boolean;
};

const quoted = (text: string): string => JSON.stringify(text);

/** Never more than the line it stands on. */
const comment = (text: string | null): string => {
  const words = plain(text ?? '').slice(0, 80);
  return words === '' ? '' : ` # ${words}`;
};

const feedLines = ({ id, url, title, brandId, allowPrivate }: NewFeed, indent: string): string[] => [
  `${indent}${id}:${comment(title)}`,
  `${indent}${indent}url: ${quoted(url)}`,
  ...(brandId === undefined ? [] : [`${indent}${indent}brand_id: ${brandId}`]),
  ...(allowPrivate ? [`${indent}${indent}allow_private: true # it is at a private address`] : []),
];

const linesOf = (feeds: readonly NewFeed[], indent = '  '): string =>
  feeds.map((feed) => `${feedLines(feed, indent).join('\n')}\n`).join('');

/** What the posts promote: your own brand, somebody else's, or nothing. */
export const disclosures = ['promoted', 'paid_partnership', 'none'] as const;
export type Disclosure = (typeof disclosures)[number];

type NewFile = {
  feeds: readonly NewFeed[];
  brandId: number;
  timezone: string;
  /** Null: left open, to be decided for each post in Dash Social. */
  disclosure: Disclosure | null;
  hasSchema: boolean;
};

const postLine = (disclosure: Disclosure | null): string =>
  disclosure === null
    ? '# post: { branded_content_type: promoted, campaign_ids: [12], disable_duet: true }'
    : `post: { branded_content_type: ${disclosure === 'none' ? 'null' : disclosure} } ## campaign_ids: [12], disable_duet: true`;

/** A whole feeds.yml, with everything that may be said in it as a comment. */
export const newFeedsFile = ({ feeds, brandId, timezone, disclosure, hasSchema }: NewFile): string =>
  `${hasSchema ? '# yaml-language-server: $schema=./feeds.schema.json\n\n' : ''}## What to poll, and what to make of it. \`npm run -s cli -- check\` tells every fault with its line and column,
## \`npm run -s cli -- preview FEED\` shows the posts that would be sent. Take away "# " to use what stands behind it.

timezone: ${quoted(timezone)} ## the clock of cron, slots and quiet times, and of dates in captions
mean_interval: 1h ## how often a feed is polled, on average over all that name no time

## Said once for all feeds. A feed's own word goes before it; \`post\` is merged field by field.
defaults:
  brand_id: ${brandId} ## the brand in Dash Social
  ## When a feed is polled; else as often as it publishes deserves. Or cron: "0 9 * * 1-5".
  # every: 1h
  backfill: 0 ## how many of the entries that are already there become drafts on the first poll
  ## Liquid over title summary content link author categories published image video feed
  caption: |
    {{ title }}

    {{ summary | truncate: 300 }}

    {{ categories | hashtags: 5 }}
  ## Which entries become drafts: whole words, any case, any script.
  # only: { keywords: [launch, drop], categories: [Products], newer_than: 30d }
  # skip: { categories: [Internal], keywords: [sponsored], authors: [Newsdesk] }
  ## How many at most, and when none; what is over waits, oldest first.
  # limits: { per_day: 5, per_hour: 2, quiet: "22:00-07:00" }
  ## The time a draft carries on the calendar: next_slot, +2h, or a template that gives a date.
  # at: next_slot
  # slots: ["09:00", "17:30"]
  # utm: { source: tiktok, medium: social, campaign: "{{ feed }}" }
  ## Any field of the API by the API's name; texts may be templates.
  ## branded_content_type declares to TikTok what a post promotes: promoted (your own brand), paid_partnership, null.
  ${postLine(disclosure)}

feeds: ## by ids of your own: keep them, what was drafted is remembered under them
${linesOf(feeds)}
## Every stage but prod delivers nothing, unless it says so here.
# stages: { staging: { deliver: none, brand_id: 999 } }

## Where you are told what wants a person; the name of a secret, stored by \`npm run -s cli -- secret set team-slack\`.
# alerts: { email: true, slack: team-slack }
`;

/**
 * The text of a feeds.yml with more feeds at the end of its `feeds:`; not a byte of what was there is changed. Null
 * where its feeds are written in braces or come by an alias, so that there is no line to add below.
 */
export const addFeeds = (text: string, feeds: readonly NewFeed[]): string | null => {
  const lines = new LineCounter();
  const root = parseDocument(text, { merge: true, lineCounter: lines }).contents;
  if (root !== null && !isMap(root)) return null;
  const pair = root?.items.find(({ key }) => String(key) === 'feeds');
  if (!pair) return `${withNewline(text)}feeds:\n${linesOf(feeds)}`;

  const { key, value } = pair as { key: { range: [number, number, number] }; value: unknown };
  if (isMap(value) && !value.flow && value.items.length > 0) {
    const [first] = value.items as unknown as { key: { range: [number, number, number] } }[];
    const indent = ' '.repeat(lines.linePos(first?.key.range[0] ?? 0).col - 1);
    return insertAfterLine(text, lastContent(text, value.range?.[1] ?? 0), linesOf(feeds, indent));
  }
  const isNothing = String(value ?? 'null') === 'null';
  return isNothing ? insertAfterLine(text, key.range[1], linesOf(feeds)) : null;
};

const withNewline = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

/** The last character that is no white space, before an offset. */
const lastContent = (text: string, offset: number): number => text.slice(0, offset).trimEnd().length;

const insertAfterLine = (text: string, offset: number, added: string): string => {
  const end = text.indexOf('\n', offset);
  if (end < 0) return `${text}\n${added}`;
  return text.slice(0, end + 1) + added + text.slice(end + 1);
};
