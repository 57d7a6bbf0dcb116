import { isMap, LineCounter, parseDocument } from 'yaml';
import { plain } from '../local/plain-text.ts';

/** A feed as written to feeds.yml; `title` becomes a comment. */
export type NewFeed = {
  id: string;
  url: string;
  title: string | null;
  brandId?: number | undefined;
  allowPrivate?: boolean;
};

const quoted = (text: string): string => JSON.stringify(text);

/** Never longer than its line. */
const comment = (text: string | null): string => {
  const line = plain(text ?? '').slice(0, 80);
  return line === '' ? '' : ` # ${line}`;
};

const feedLines = ({ id, url, title, brandId, allowPrivate }: NewFeed, indent: string): string[] => [
  `${indent}${id}:${comment(title)}`,
  `${indent}${indent}url: ${quoted(url)}`,
  ...(brandId === undefined ? [] : [`${indent}${indent}brand_id: ${brandId}`]),
  ...(allowPrivate ? [`${indent}${indent}allow_private: true # its address is private`] : []),
];

const linesOf = (feeds: readonly NewFeed[], indent = '  '): string =>
  feeds.map((feed) => `${feedLines(feed, indent).join('\n')}\n`).join('');

/** What the posts promote: your own brand, another brand, or nothing. */
export const disclosures = ['promoted', 'paid_partnership', 'none'] as const;
export type Disclosure = (typeof disclosures)[number];

type NewFile = {
  feeds: readonly NewFeed[];
  brandId: number;
  timezone: string;
  /** Null: decided for each post in Dash Social. */
  disclosure: Disclosure | null;
  /** Its path from the folder of the file; null if there is none. */
  schema: string | null;
};

const postLine = (disclosure: Disclosure | null): string =>
  disclosure === null
    ? '# post: { branded_content_type: promoted, campaign_ids: [12], disable_duet: true }'
    : `post: { branded_content_type: ${disclosure === 'none' ? 'null' : disclosure} } ## campaign_ids: [12], disable_duet: true`;

/** A whole feeds.yml, with its settings explained in comments. */
export const newFeedsFile = ({ feeds, brandId, timezone, disclosure, schema }: NewFile): string =>
  `${schema === null ? '' : `# yaml-language-server: $schema=./${schema}\n\n`}## Your feeds and what becomes of them. \`npm run -s cli -- check\` reports mistakes with line and fix,
## \`npm run -s cli -- preview FEED\` shows the posts that would be sent. Remove "# " to use a line.

timezone: ${quoted(timezone)} ## for cron, slots, quiet hours, and dates in captions
mean_interval: 15m ## average polling interval of all feeds without every or cron

## For all feeds. A feed's own setting replaces the default; \`post\` is merged field by field.
defaults:
  brand_id: ${brandId} ## the brand in Dash Social
  ## When to poll. Default: adaptive, by how often the feed publishes. Or cron: "0 9 * * 1-5".
  # every: 1h
  backfill: 0 ## how many existing entries become drafts on the first poll
  ## Liquid; variables: title summary content link author categories published image video feed
  caption: |
    {{ title }}

    {{ summary | truncate: 300 }}

    {{ categories | hashtags: 5 }}
  ## true: someone on your team approves each post before it becomes a draft. { first: 10 }: only a feed's first ten.
  # review: true
  ## Which entries become drafts: whole words, any case.
  # only: { keywords: [launch, drop], categories: [Products], newer_than: 30d }
  # skip: { categories: [Internal], keywords: [sponsored], authors: [Newsdesk] }
  ## How many drafts, and when; the rest wait, oldest first.
  # limits: { per_day: 5, per_hour: 2, quiet: "22:00-07:00" }
  ## Time of the draft in the calendar: next_slot, a delay such as +2h, or a template that renders a date.
  # at: next_slot
  # slots: ["09:00", "17:30"]
  # utm: { source: tiktok, medium: social, campaign: "{{ feed }}" }
  ## API fields by their API names; texts may be templates.
  ## branded_content_type discloses what the post promotes: promoted (your own brand), paid_partnership, or null.
  ${postLine(disclosure)}

feeds: ## keep the IDs, because the history of a feed is stored under its ID
${linesOf(feeds)}
## Every stage except prod posts nothing, unless it is set here.
# stages: { staging: { deliver: none, brand_id: 999 } }

## Where alerts go. slack names a secret; store it with \`npm run -s cli -- secret set team-slack\`.
# alerts: { email: true, slack: team-slack }
`;

/**
 * The text of a feeds.yml with more feeds at the end of its `feeds:`; no other byte changes. Null if its feeds are
 * written in braces or come from an alias, so that no line can be added below.
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

/** The last character before an offset that is not white space. */
const lastContent = (text: string, offset: number): number => text.slice(0, offset).trimEnd().length;

const insertAfterLine = (text: string, offset: number, added: string): string => {
  const end = text.indexOf('\n', offset);
  if (end < 0) return `${text}\n${added}`;
  return text.slice(0, end + 1) + added + text.slice(end + 1);
};
