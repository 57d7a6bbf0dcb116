import type { Config } from '../lib/core/config/config.ts';
import { isPossibleDuplicate } from '../lib/core/entries/identity/possible-duplicate.ts';
import { toType, type Where } from '../lib/core/operator/cli-hints.ts';
import type { QueueDepths } from '../lib/jobs/operator/read-status.ts';
import { examine, type Finding, failed, ok, skipped } from './finding.ts';
import type { Page } from './page.ts';
import type { Target } from './target.ts';

/** What a check looks with. */
export type ExamineContext = { target: Target; stage: string | undefined; clock: () => number; page: Page };

const entries = (n: number, what: string) => `${n} ${n === 1 ? what : `${what}s`}`;

/** Whether feeds.yml can be read, and what it names. */
export const examineConfig = (config: Config, where: Where): Finding => {
  const { feeds, webhooks } = config;
  const says = `${entries(feeds.length, 'feed')}, ${entries(webhooks.length, 'webhook')}`;
  if (feeds.length + webhooks.length > 0) return ok('feeds.yml', says);
  return failed('feeds.yml', 'it names no feed', `${toType('init', { config: where.config })} writes one`);
};

/** A key that no row has. */
const nobody = 'doctor-looks-whether-you-are-there';

/** Both tables, by a read of each. */
export const examineTables = async ({ target }: ExamineContext): Promise<Finding[]> => [
  ...(await examine('feeds table', async () => {
    await target.feedStore.tick();
    return ok('feeds table', 'it answers');
  })),
  ...(await examine('ledger table', async () => {
    await target.ledger.read(nobody);
    return ok('ledger table', 'it answers');
  })),
];

const deadLetterWords = ({ feedsDeadLetters, draftsDeadLetters }: QueueDepths): Finding => {
  const dead = feedsDeadLetters + draftsDeadLetters;
  if (dead === 0) return ok('dead letters', 'none');
  return failed(
    'dead letters',
    `${feedsDeadLetters} of feeds, ${draftsDeadLetters} of drafts: a function failed again and again`,
    'look into the log for `unexpected`; the rows are safe and are tried again by themselves, so the messages may be deleted',
  );
};

/** The queues, and whether messages were given up. */
export const examineQueues = ({ target }: ExamineContext): Promise<Finding[]> =>
  examine('queues', async () => {
    const depths = await target.queueDepths();
    if (depths === null) return skipped('queues', 'they are there only while npm start runs');
    return [ok('queues', `${depths.feeds} to poll, ${depths.drafts} to wake`), deadLetterWords(depths)];
  });

/** Whether there may be entries with two drafts. */
export const examineDuplicates = ({ target }: ExamineContext): Promise<Finding[]> =>
  examine('duplicates', async () => {
    const states = ['duplicate', 'uncertain', 'rejected'] as const;
    const pages = await Promise.all(
      states.map((state) => target.ledger.waiting({ state, limit: mostLookedAt })),
    );
    const count = pages.flatMap(({ rows }) => rows).filter(isPossibleDuplicate).length;
    if (count === 0) return ok('duplicates', 'no entry may have two drafts');
    const todo = `${toType('list --possible-duplicates', target.where)}; delete one of each in Dash Social, then confirm it`;
    return failed('duplicates', `${entries(count, 'possible duplicate')}`, todo);
  });

/** More are counted no further. */
const mostLookedAt = 200;

/** A tick comes every minute. */
const lateMs = 3 * 60_000;

/** Whether ticks come. */
export const examineSchedule = ({ target, clock, page }: ExamineContext): Promise<Finding[]> =>
  examine('schedule', async () => {
    if (!target.isRunning)
      return failed(
        'schedule',
        'nothing runs here now, so nothing is polled',
        `start it with ${target.start}`,
      );
    const lastTick = (await target.feedStore.tick())?.lastTick ?? null;
    const says = `last tick ${page.since(lastTick)}`;
    if (lastTick !== null && clock() - lastTick <= lateMs) return ok('schedule', says);
    return failed(
      'schedule',
      `${says}: nothing is polled`,
      'look whether the schedule of pollFeeds is enabled, and into the log of pollFeeds',
    );
  });
