import { Command, Option } from 'commander';
import type { FeedConfig } from '../lib/core/config/config.ts';
import { postBody } from '../lib/core/posts/post-body.ts';
import type { PreviewedEntry } from '../lib/jobs/operator/preview-entry.ts';
import { type Preview, previewFeed } from '../lib/jobs/operator/preview-feed.ts';
import { plain } from '../local/plain-text.ts';
import { circuitText } from './format-circuit.ts';
import { stateStyle } from './format-entry.ts';
import { noteLines, postLines, ruleLines } from './format-post.ts';
import type { Page } from './page.ts';
import { count } from './parse-number.ts';
import { act, type Cli, examples, feedNamed } from './verb.ts';
import { feedReader, openView, type View } from './view.ts';

type Options = { limit: number };

/** `preview FEED`: what would become of each entry of a feed and why, and the exact post that would be sent. */
export const previewCommand = (cli: Cli): Command =>
  new Command('preview')
    .description(
      'show a feed as it is now: what becomes of each entry and why, and the exact post that would be sent',
    )
    .argument('<feed>', 'its id in feeds.yml')
    .addOption(new Option('--limit <n>', 'show at most so many entries').default(10).argParser(count))
    .addHelpText(
      'after',
      `
Nothing is written and nothing is sent. The feed is fetched as by a poll; the posts go through the code that sends.
Feeds are those of --config, else of the feeds.yml of this folder, else those that run here.
Ends with 1 when a post that may be sent breaks a rule of TikTok or cannot be made.
${examples('preview newsroom', 'preview newsroom --config feeds.yml --limit 3', 'preview newsroom --json')}`,
    )
    .action(
      act<Options>(cli, async ({ args, options, target, progress, terminal }) => {
        const view = await openView(options, target);
        const feed = feedNamed(view.config.feeds, args[0] ?? '');
        const services = {
          ...view.stores,
          ...feedReader({ ...view, clock: terminal.clock }),
          clock: terminal.clock,
        };
        const preview = await progress(`reading ${feed.id}`, () =>
          previewFeed({ ...services, config: view.config }, feed),
        );
        return {
          json: jsonOf(view, feed, preview),
          lines: (page) => linesOf(page, view, feed, preview, options.limit),
          exitCode: preview.entries.some(needsFixing) ? 1 : 0,
        };
      }),
    );

const mayBeSent = ({ timing }: PreviewedEntry) =>
  timing === 'now' || timing === 'later' || timing === 'if-released';

const needsFixing = (entry: PreviewedEntry): boolean =>
  mayBeSent(entry) && (entry.fault !== null || entry.rules.some(({ ok }) => !ok));

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());

/** In the order in which it is sent. */
const asSent = (post: PreviewedEntry['post']): unknown => (post === null ? null : JSON.parse(postBody(post)));

const jsonOf = (view: View, feed: FeedConfig, { first, gap, openCircuits, entries }: Preview) => ({
  feed: feed.id,
  url: feed.url,
  brandId: feed.brandId,
  source: view.source,
  ledger: view.ledgerOf,
  paused: feed.paused,
  firstPoll: first,
  gap,
  closed: openCircuits.map(({ scope, by, reason, openUntil }) => ({
    scope,
    by,
    reason,
    until: iso(openUntil),
  })),
  entries: entries.map((entry) => ({
    ...entry,
    at: iso(entry.at),
    post: asSent(entry.post),
    rerendered: asSent(entry.rerendered),
  })),
});

const linesOf = (
  page: Page,
  view: View,
  feed: FeedConfig,
  { first, gap, openCircuits, entries }: Preview,
  limit: number,
): string[] => {
  const shown = entries.slice(0, limit);
  return [
    `${page.paint('bold', feed.id)}  ${plain(feed.url)}  brand ${feed.brandId}`,
    page.paint('dim', `feeds: ${plain(view.source)} · ledger: ${plain(view.ledgerOf)}`),
    ...(first ? ['Its next poll is its first: what is there now is remembered, not posted.'] : []),
    ...(gap ? [page.paint('yellow', 'Nothing in it is known: entries may have come and gone unseen.')] : []),
    ...(feed.paused
      ? [page.paint('yellow', 'It is paused in feeds.yml: nothing of it is polled or sent.')]
      : []),
    ...openCircuits.map((circuit) => page.paint('yellow', `${circuitText(page, circuit, view.where)}.`)),
    ...(entries.length === 0 ? ['', 'No entries.'] : []),
    ...shown.flatMap((entry) => ['', ...entryLines(page, entry)]),
    ...(shown.length < entries.length
      ? ['', page.paint('dim', `${shown.length} of ${entries.length} entries: --limit shows more`)]
      : []),
  ];
};

const entryLines = (page: Page, entry: PreviewedEntry): string[] => [
  page.paint('bold', plain(entry.entry.title ?? entry.entry.link ?? '(no title)')),
  `  ${decisionWords(page, entry)}`,
  `  ${page.paint('dim', plain(entry.why))}`,
  ...(entry.post === null ? [] : postLines(page, entry.post)),
  ...(entry.fault === null ? [] : [`  ${page.paint('red', `✗ no post: ${plain(entry.fault)}`)}`]),
  ...ruleLines(page, entry.rules),
  ...noteLines(page, entry.notes),
  ...(entry.rerendered === null
    ? []
    : [
        `  ${page.paint('yellow', 'The settings of the feed make another post of it by now:')}`,
        ...postLines(page, entry.rerendered),
      ]),
];

const decisionWords = (page: Page, entry: PreviewedEntry): string => {
  const { state, isKnown, otherFeed, postId } = entry;
  const styled = page.paint(
    state === null ? 'dim' : stateStyle(state),
    `${isKnown ? 'known: ' : ''}${state ?? 'no draft'}`,
  );
  const whose = otherFeed === null ? '' : ` of ${plain(otherFeed)}`;
  const draft = postId === null ? '' : ` (draft ${postId})`;
  return `${styled}${whose}${draft}${timingText(page, entry)}`;
};

const timingText = (page: Page, { timing, at, waits, post }: PreviewedEntry): string => {
  switch (timing) {
    case 'now':
      return ': sent at once';
    case 'later':
      return `: sent ${page.time(at)} (${plain(waits ?? 'it waits')})`;
    case 'if-released':
      return post === null ? '' : '; if you release it, this is sent:';
    default:
      return '';
  }
};
