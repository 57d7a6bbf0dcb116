import { Command, Option } from 'commander';
import type { FeedConfig } from '../lib/core/config/config.ts';
import { stateName } from '../lib/core/operator/explain.ts';
import { postBody } from '../lib/core/posts/post-body.ts';
import type { PreviewedEntry } from '../lib/jobs/operator/preview-entry.ts';
import { type Preview, previewFeed } from '../lib/jobs/operator/preview-feed.ts';
import { plain } from '../local/plain-text.ts';
import { circuitText } from './format-circuit.ts';
import { stateStyle } from './format-entry.ts';
import { hubText } from './format-hub.ts';
import { noteLines, postLines, ruleLines } from './format-post.ts';
import type { Page } from './page.ts';
import { count } from './parse-number.ts';
import { act, type Cli, examples, feedNamed } from './verb.ts';
import { feedReader, hookAsker, openView, type View } from './view.ts';

type Options = { limit: number; enrich: boolean };

/** `preview FEED`: what happens to each entry of a feed and why, and the exact post that would be sent. */
export const previewCommand = (cli: Cli): Command =>
  new Command('preview')
    .description('show what happens to each entry of a feed and why, with the exact post that would be sent')
    .argument('<feed>', 'ID of the feed in feeds.yml')
    .addOption(new Option('--limit <n>', 'maximum number of entries').default(10).argParser(count))
    .option(
      '--enrich',
      'ask the hook of the feed about the newest entries that would be sent, at most 10',
      false,
    )
    .addHelpText(
      'after',
      `
Nothing is written and nothing is sent. With --enrich, requests to the hook are marked as a preview. The feed is fetched as in a poll, and posts are rendered by the code that sends.
Feeds are read from --config, else from feeds.yml in this folder, else from what is running in --data.
The exit code is 1 when a post that may be sent breaks a TikTok rule or cannot be rendered.
${examples('preview newsroom', 'preview newsroom --config feeds.yml --limit 3', 'preview newsroom --enrich', 'preview newsroom --json')}`,
    )
    .action(
      act<Options>(cli, async ({ args, options, target, progress, terminal }) => {
        const view = await openView(options, target);
        const feed = feedNamed(view.config.feeds, args[0] ?? '');
        const services = {
          ...view.stores,
          ...feedReader({ ...view, clock: terminal.clock }),
          ...(options.enrich && feed.enrich && (await hookAsker({ ...view, clock: terminal.clock }))),
          clock: terminal.clock,
        };
        const preview = await progress(`reading ${feed.id}`, () =>
          previewFeed({ ...services, config: view.config }, feed),
        );
        return {
          json: jsonOf(view, feed, preview),
          lines: (page) => linesOf(page, view, feed, preview, options.limit),
          timezone: view.config.timezone,
          exitCode: preview.entries.some(needsFixing) ? 1 : 0,
        };
      }),
    );

const mayBeSent = ({ timing }: PreviewedEntry) =>
  timing === 'now' || timing === 'later' || timing === 'if-released';

const needsFixing = (entry: PreviewedEntry): boolean =>
  mayBeSent(entry) &&
  (entry.fault !== null || entry.hook?.kind === 'unusable' || entry.rules.some(({ ok }) => !ok));

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());

/** The post with its fields in the order in which they are sent. */
const asSent = (post: PreviewedEntry['post']): unknown => (post === null ? null : JSON.parse(postBody(post)));

const jsonOf = (view: View, feed: FeedConfig, { first, gap, hub, openCircuits, entries }: Preview) => ({
  feed: feed.id,
  url: feed.url,
  brandId: feed.brandId,
  source: view.source,
  ledger: view.ledgerOf,
  paused: feed.paused,
  firstPoll: first,
  gap,
  hub,
  stopped: openCircuits.map(({ scope, by, reason, openUntil }) => ({
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
  { first, gap, hub, hook, openCircuits, entries }: Preview,
  limit: number,
): string[] => {
  const shown = entries.slice(0, limit);
  return [
    `${page.paint('bold', feed.id)}  ${plain(feed.url)}  brand ${feed.brandId}`,
    page.paint('dim', `feeds: ${plain(view.source)} · ledger: ${plain(view.ledgerOf)}`),
    ...(hub === null ? [] : [page.paint('dim', `It ${hubText(hub)}.`)]),
    ...(first ? ['The next poll is its first: existing entries are remembered, not posted.'] : []),
    ...(gap
      ? [page.paint('yellow', 'None of its entries is known: some may have been missed since the last poll.')]
      : []),
    ...(feed.paused
      ? [page.paint('yellow', 'It is paused in feeds.yml, so it is neither polled nor posted.')]
      : []),
    ...openCircuits.map((circuit) => page.paint('yellow', circuitText(page, circuit, view, openCircuits))),
    ...(hook && entries.every((entry) => entry.hook === null)
      ? [page.paint('dim', 'Its hook is asked before anything is sent. To ask it now, add --enrich.')]
      : []),
    ...(entries.length === 0 ? ['', 'No entries.'] : []),
    ...shown.flatMap((entry) => ['', ...entryLines(page, entry)]),
    ...(shown.length < entries.length
      ? [
          '',
          page.paint('dim', `Showing ${shown.length} of ${entries.length} entries. See more with --limit.`),
        ]
      : []),
  ];
};

const entryLines = (page: Page, entry: PreviewedEntry): string[] => [
  page.paint('bold', plain(entry.entry.title ?? entry.entry.link ?? '(no title)')),
  `  ${decisionText(page, entry)}`,
  `  ${page.paint('dim', plain(entry.why))}`,
  ...(entry.post === null ? [] : postLines(page, entry.post)),
  ...(entry.fault === null ? [] : [`  ${page.paint('red', `✗ no post: ${plain(entry.fault)}`)}`]),
  ...ruleLines(page, entry.rules),
  ...noteLines(page, entry.notes),
  ...hookLines(page, entry),
  ...(entry.rerendered === null
    ? []
    : [
        `  ${page.paint('yellow', 'The current settings would render this post instead:')}`,
        ...postLines(page, entry.rerendered),
      ]),
];

/** The hook's answer: the post before it is above. */
const hookLines = (page: Page, { hook }: PreviewedEntry): string[] => {
  switch (hook?.kind) {
    case undefined:
      return [];
    case 'skipped':
      return [`  ${page.paint('yellow', `Your hook refuses it: ${plain(hook.reason)}`)}`];
    case 'unusable':
      return [`  ${page.paint('red', `✗ Your hook gives no usable answer: ${plain(hook.detail)}`)}`];
    case 'answered': {
      const names = Object.keys(hook.fields);
      if (names.length === 0) return [`  ${page.paint('dim', 'Your hook changes nothing.')}`];
      return [
        `  ${page.paint('yellow', `Your hook changes ${names.join(', ')}; this is sent:`)}`,
        ...postLines(page, hook.post),
        ...(hook.leftOut === null ? [] : [`  ${page.paint('yellow', plain(hook.leftOut))}`]),
      ];
    }
  }
};

const decisionText = (page: Page, entry: PreviewedEntry): string => {
  const { state, isKnown, otherFeed, postId } = entry;
  const styled = page.paint(
    state === null ? 'dim' : stateStyle(state),
    `${isKnown ? 'known: ' : ''}${state === null ? 'no draft' : stateName(state)}`,
  );
  const whose = otherFeed === null ? '' : ` (belongs to ${plain(otherFeed)})`;
  const draft = postId === null ? '' : ` (draft ${postId})`;
  return `${styled}${whose}${draft}${timingText(page, entry)}`;
};

const timingText = (page: Page, { timing, at, waits, post }: PreviewedEntry): string => {
  switch (timing) {
    case 'now':
      return ', sent at once';
    case 'later':
      return `, sent ${page.time(at)}${waits === null ? '' : `. ${plain(waits)}`}`;
    case 'if-released':
      return post === null ? '' : '. If you release it, this is sent:';
    default:
      return '';
  }
};
