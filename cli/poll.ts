import { Command, InvalidArgumentError, Option } from 'commander';
import type { FeedConfig } from '../lib/core/config/config.ts';
import { misconfigured } from '../lib/core/errors.ts';
import type { Counts } from '../lib/core/polling/feed-row.ts';
import { plain } from '../local/plain-text.ts';
import type { Page } from './page.ts';
import { act, type Cli, examples, feedNamed, wrongUsage } from './verb.ts';
import { type Polled, pollAndWatch } from './watch-poll.ts';

type Options = { force?: boolean; wait: number };

/** As many travel in one message. */
const mostFeeds = 20;
const looksASecond = 4;

const seconds = (text: string): number => {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number of seconds, 0 to 999.');
};

/** `poll FEED`: now, whatever its interval says. */
export const pollCommand = (cli: Cli): Command =>
  new Command('poll')
    .description('poll feeds now, and show the result')
    .argument('<feed...>', 'their ids in feeds.yml')
    .option('--force', 'without validators: the server sends all again, and caches on the way are passed by')
    .addOption(new Option('--wait <seconds>', 'for what comes of it').default(20).argParser(seconds))
    .addHelpText(
      'after',
      `
Asks as every poll does, with validators, so that a server which has nothing new says just that.
Ends with 1 when a feed cannot be read.
${examples('poll newsroom', 'poll newsroom --force', 'poll newsroom journal --stage prod --wait 0')}`,
    )
    .action(
      act<Options>(cli, async ({ args, options, target, progress, terminal }) => {
        const opened = await target();
        const feeds = feedsToAsk(opened.config().feeds, args);
        const asked = { feeds, force: options.force ?? false, exact: options.stage === undefined };
        const patience = {
          looks: options.wait * looksASecond,
          everyMs: 1_000 / looksASecond,
          pause: terminal.pause,
        };
        const polled = await progress(`polling ${feeds.join(', ')}`, () =>
          pollAndWatch(opened, asked, patience),
        );
        return {
          json: { place: opened.name, feeds: polled.map(jsonOf) },
          lines: (page) => polled.map((one) => lineOf(page, one)),
          exitCode: polled.some(({ outcome }) => outcome === 'failed') ? 1 : 0,
        };
      }),
    );

const feedsToAsk = (feeds: FeedConfig[], names: string[]): string[] => {
  const asked = [...new Set(names)].map((id) => feedNamed(feeds, id));
  const paused = asked.find((feed) => feed.paused);
  if (paused)
    throw misconfigured(
      'feed.paused',
      `${paused.id} is paused in feeds.yml, so nobody polls it: take its paused: true away, and deploy or start again.`,
    );
  if (asked.length > mostFeeds) throw wrongUsage('too-many-feeds', `name ${mostFeeds} feeds at most`);
  return asked.map(({ id }) => id);
};

const jsonOf = ({ feed, outcome, counts, trouble }: Polled) => ({
  feed,
  outcome,
  counts,
  error: trouble && {
    code: trouble.code,
    message: trouble.message,
    since: new Date(trouble.since).toISOString(),
    nextAt: new Date(trouble.nextAt).toISOString(),
  },
});

const countWords = ({ seen, queued, held, filtered, baselined, known }: Counts): string => {
  const parts = [
    [queued, 'to become drafts'],
    [held, 'held for you'],
    [filtered, 'filtered'],
    [baselined, 'there before'],
    [known, 'known'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return `${seen} ${seen === 1 ? 'entry' : 'entries'}${told.length > 0 ? `: ${told.join(', ')}` : ''}`;
};

const lineOf = (page: Page, { feed, outcome, counts, trouble }: Polled): string => {
  switch (outcome) {
    case 'changed':
      return `${page.paint('green', `${feed} was read`)}: ${counts ? countWords(counts) : 'see list'}.`;
    case 'unchanged':
      return `${feed} is unchanged: nothing new.`;
    case 'failed':
      return page.paint('red', `${feed}: ${plain(trouble?.message ?? '')}`);
    case 'pending':
      return page.paint(
        'yellow',
        `${feed} was asked for; nothing of it is to be seen yet, as when it is unchanged. status and list tell more.`,
      );
  }
};
