import { Command, InvalidArgumentError, Option } from 'commander';
import type { FeedConfig } from '../lib/core/config/config.ts';
import { misconfigured } from '../lib/core/errors.ts';
import type { Counts } from '../lib/core/polling/feed-row.ts';
import type { SendFeeds } from '../lib/core/ports.ts';
import { sentence } from '../lib/core/text/sentence.ts';
import { outcomeOfOne, recordActivity } from '../lib/jobs/operator/record-activity.ts';
import { plain } from '../local/plain-text.ts';
import type { Page } from './page.ts';
import { act, type Cli, examples, feedNamed, personOf, wrongUsage } from './verb.ts';
import { type Polled, pollAndWatch } from './watch-poll.ts';

type Options = { force?: boolean; wait: number };

/** The maximum number of feeds in one message. */
const maxFeeds = 20;
const looksASecond = 4;

const seconds = (text: string): number => {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number of seconds, 0 to 999.');
};

/** `poll FEED`: polls a feed now, whatever its interval. */
export const pollCommand = (cli: Cli): Command =>
  new Command('poll')
    .description('poll feeds now and show the result')
    .argument('<feed...>', 'IDs of feeds in feeds.yml')
    .option('--force', 'request the whole feed again, bypassing all caches')
    .addOption(
      new Option('--wait <seconds>', 'how long to wait for the result').default(20).argParser(seconds),
    )
    .addHelpText(
      'after',
      `
Like any poll, it sends validators, so that a server can report that nothing has changed.
The exit code is 1 when a feed cannot be read.
${examples('poll newsroom', 'poll newsroom --force', 'poll newsroom journal --stage prod --wait 0')}`,
    )
    .action(
      act<Options>(cli, async ({ args, options, target, progress, terminal }) => {
        const opened = await target();
        const feeds = feedsToAsk(opened.config().feeds, args);
        const request = { feeds, force: options.force ?? false, exact: options.stage === undefined };
        const patience = {
          looks: options.wait * looksASecond,
          everyMs: 1_000 / looksASecond,
          pause: terminal.pause,
        };
        const sendFeeds: SendFeeds = async (messages) => {
          await recordActivity(
            { activities: opened.activities, clock: terminal.clock },
            { by: personOf(terminal), kind: 'poll', feeds },
            {
              work: () => opened.sendFeeds(messages),
              outcomeOf: () => ({ ...outcomeOfOne(), count: feeds.length }),
            },
          );
        };
        const polled = await progress(`polling ${feeds.join(', ')}`, () =>
          pollAndWatch({ ...opened, sendFeeds }, request, patience),
        );
        return {
          json: { target: opened.name, feeds: polled.map(jsonOf) },
          lines: (page) => polled.map((one) => lineOf(page, one)),
          exitCode: polled.some(({ outcome }) => outcome === 'failed') ? 1 : 0,
        };
      }),
    );

const feedsToAsk = (feeds: FeedConfig[], names: string[]): string[] => {
  const chosen = [...new Set(names)].map((id) => feedNamed(feeds, id));
  const paused = chosen.find((feed) => feed.paused);
  if (paused)
    throw misconfigured(
      'feed.paused',
      `${paused.id} is paused in feeds.yml. To poll it, remove paused: true, then deploy or start again.`,
    );
  if (chosen.length > maxFeeds) throw wrongUsage('too-many-feeds', `Name at most ${maxFeeds} feeds.`);
  return chosen.map(({ id }) => id);
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

const countsText = ({ seen, queued, review, held, filtered, baselined, known }: Counts): string => {
  const parts = [
    [queued, 'new'],
    [review, 'to review'],
    [held, 'held'],
    [filtered, 'filtered'],
    [baselined, 'existing'],
    [known, 'known'],
  ] as const;
  const shown = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return `${seen} ${seen === 1 ? 'entry' : 'entries'}${shown.length > 0 ? `: ${shown.join(', ')}` : ''}`;
};

const lineOf = (page: Page, { feed, outcome, counts, trouble }: Polled): string => {
  switch (outcome) {
    case 'changed':
      return `${page.paint('green', `${feed} has changed`)}: ${counts ? countsText(counts) : 'see list'}.`;
    case 'unchanged':
      return `${feed} is unchanged.`;
    case 'failed':
      return page.paint('red', `${feed}: ${sentence(plain(trouble?.message ?? ''))}`);
    case 'pending':
      return page.paint('yellow', `${feed}: no result yet. It may be unchanged; see status and list.`);
  }
};
