import type { ConfigFault } from '../lib/config.ts';
import { leftoversIn } from '../lib/core/captions/leftovers.ts';
import type { Config, FeedConfig } from '../lib/core/config/config.ts';
import { rowOwners } from '../lib/core/config/row-owners.ts';
import { type PostNote, postNotes } from '../lib/core/posts/post-notes.ts';
import { renderPost } from '../lib/core/posts/render-post.ts';
import { timestampOf } from '../lib/core/posts/stamp-post.ts';
import type { TikTokPost } from '../lib/core/posts/tiktok-post.ts';
import { type RuleCheck, tiktokRules } from '../lib/core/posts/tiktok-rules.ts';
import { plain } from '../local/plain-text.ts';
import { noteLines, postLines, ruleLines } from './format-post.ts';
import type { Page } from './page.ts';
import { bareEntry, sampleEntry } from './sample-entry.ts';

/** The sample post of feeds whose settings render alike. */
export type Sample = {
  feeds: string[];
  post: TikTokPost | null;
  fault: string | null;
  rules: RuleCheck[];
  notes: PostNote[];
  /** Probable mistakes that only the rendered post shows. */
  leftovers: string[];
  /** Why an entry with nothing but title and link would be held; null: it would not. */
  bare: string | null;
};

const settingsOf = ({
  id: _,
  url: _url,
  rhythm: _rhythm,
  backfill: _backfill,
  ...rest
}: FeedConfig): string => JSON.stringify(rest);

/** Each caption of the config for a sample entry. `known`: the warnings about the file, which are not repeated. */
export const samplesOf = (config: Config, now: number, known: readonly ConfigFault[]): Sample[] => {
  const knownMessages = new Set(known.map(({ message }) => message));
  const webhooks = config.webhooks.map(({ id, mapping }) => ({ ...mapping, id }));
  const owners = rowOwners(config).filter(({ url }) => url !== '');
  const alike = Map.groupBy([...owners, ...webhooks], settingsOf);
  return [...alike.values()].map((feeds) => withoutKnown(sampleOf(feeds, now), knownMessages));
};

const withoutKnown = (sample: Sample, known: ReadonlySet<string>): Sample => ({
  ...sample,
  leftovers: sample.leftovers.filter((one) => !known.has(one)),
});

/** A public post gets its video, and often its time, from the payload. */
const withPayload = (feed: FeedConfig, now: number): FeedConfig =>
  feed.publish === 'draft'
    ? feed
    : {
        ...feed,
        post: {
          media_ids: [1],
          ...(feed.publish === 'schedule' && { timestamp: timestampOf(now + 86_400_000) }),
          ...feed.post,
        },
      };

const sampleOf = (feeds: FeedConfig[], now: number): Sample => {
  const feed = withPayload(feeds[0] as FeedConfig, now);
  const context = { feedTitle: 'A sample feed', now };
  const entry = sampleEntry(now);
  const rendered = renderPost(feed, entry, context);
  const bare = renderPost(feed, bareEntry(now), context);
  const whole = [entry.link, entry.image, entry.video?.url, `${entry.link}#sizes`];
  return {
    feeds: feeds.map(({ id }) => id),
    post: rendered.ok ? rendered.post : null,
    fault: rendered.ok ? null : rendered.detail,
    rules: rendered.ok
      ? tiktokRules(
          rendered.post,
          whole.filter((one) => typeof one === 'string'),
        )
      : [],
    notes: rendered.ok ? postNotes(rendered.post, null).filter(({ about }) => about === 'disclosure') : [],
    leftovers: rendered.ok ? leftoversOf(rendered.post) : [],
    bare: bare.ok ? null : bare.detail,
  };
};

/** A text within an expression is posted, too: `{{ title | append: "{link}" }}`. */
const leftoversOf = ({ text, title }: TikTokPost): string[] => [
  ...new Set([text, title].flatMap((one) => leftoversIn(one ?? '').map(({ message }) => message))),
];

/** Whether the caption needs fixing before it is used. */
export const needsFixing = ({ fault, rules, leftovers }: Sample): boolean =>
  fault !== null || leftovers.length > 0 || rules.some(({ ok }) => !ok);

const maxNames = 8;

const namesOf = (page: Page, feeds: string[]): string => {
  const more = feeds.length > maxNames ? ` and ${feeds.length - maxNames} more` : '';
  return `${page.paint('bold', feeds.slice(0, maxNames).join(', '))}${more}`;
};

/** A sample as lines of text. */
export const sampleLines = (
  page: Page,
  { feeds, post, fault, rules, notes, leftovers, bare }: Sample,
): string[] => [
  `${namesOf(page, feeds)}: the post of a sample entry`,
  ...(post === null ? [] : postLines(page, post)),
  ...(fault === null ? [] : [`  ${page.paint('red', `✗ no post: ${plain(fault)}`)}`]),
  ...ruleLines(page, rules),
  ...noteLines(page, notes),
  ...leftovers.map((one) => `  ${page.paint('yellow', `! the post ${plain(one)}`)}`),
  ...(bare === null
    ? []
    : [`  ${page.paint('yellow', `! an entry with only title and link would be held: ${plain(bare)}`)}`]),
];
