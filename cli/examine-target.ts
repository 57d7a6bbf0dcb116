import type { Config } from '../lib/core/config/config.ts';
import { isPossibleDuplicate } from '../lib/core/entries/identity/possible-duplicate.ts';
import { toType, type Where } from '../lib/core/operator/cli-hints.ts';
import type { QueueDepths } from '../lib/jobs/operator/read-status.ts';
import { examine, type Finding, failed, ok, skipped } from './finding.ts';
import type { Page } from './page.ts';
import type { Target } from './target.ts';

/** What the checks use. */
export type ExamineContext = { target: Target; stage: string | undefined; clock: () => number; page: Page };

const entries = (n: number, what: string) => `${n} ${n === 1 ? what : `${what}s`}`;

/** Whether feeds.yml is valid, and what it contains. */
export const examineConfig = (config: Config, where: Where): Finding => {
  const { feeds, webhooks } = config;
  const text = `${entries(feeds.length, 'feed')}, ${entries(webhooks.length, 'webhook')}`;
  if (feeds.length + webhooks.length > 0) return ok('feeds.yml', text);
  return failed('feeds.yml', 'no feeds', `Create one: ${toType('init', { config: where.config })}`);
};

/** A key that no row has. */
const absentKey = 'doctor-reads-this-key';

/** Both tables, by a read of each. */
export const examineTables = async ({ target }: ExamineContext): Promise<Finding[]> => [
  ...(await examine('feeds table', async () => {
    await target.feedStore.tick();
    return ok('feeds table', 'readable');
  })),
  ...(await examine('ledger table', async () => {
    await target.ledger.read(absentKey);
    return ok('ledger table', 'readable');
  })),
];

const examineDeadLetters = ({ feedsDeadLetters, draftsDeadLetters }: QueueDepths): Finding => {
  const dead = feedsDeadLetters + draftsDeadLetters;
  if (dead === 0) return ok('dead letters', 'none');
  return failed(
    'dead letters',
    `feeds ${feedsDeadLetters}, drafts ${draftsDeadLetters}: a function failed repeatedly`,
    'Search the log for "unexpected". The entries are safe and are retried automatically, so you can delete the messages.',
  );
};

/** The queues and their dead letters. */
export const examineQueues = ({ target }: ExamineContext): Promise<Finding[]> =>
  examine('queues', async () => {
    const depths = await target.queueDepths();
    if (depths === null) return skipped('queues', 'available only while npm start is running');
    return [ok('queues', `feeds ${depths.feeds}, drafts ${depths.drafts}`), examineDeadLetters(depths)];
  });

/** Whether there may be entries with two drafts. */
export const examineDuplicates = ({ target }: ExamineContext): Promise<Finding[]> =>
  examine('duplicates', async () => {
    const states = ['duplicate', 'uncertain', 'rejected'] as const;
    const pages = await Promise.all(
      states.map((state) => target.ledger.waiting({ state, limit: mostLookedAt })),
    );
    const count = pages.flatMap(({ rows }) => rows).filter(isPossibleDuplicate).length;
    if (count === 0) return ok('duplicates', 'none');
    const fix = `Delete one of each in Dash Social, then confirm. List them: ${toType('list --possible-duplicates', target.where)}`;
    return failed('duplicates', `${entries(count, 'possible duplicate')}`, fix);
  });

/** At most so many are counted. */
const mostLookedAt = 200;

/** A tick comes every minute. */
const lateMs = 3 * 60_000;

/** Whether ticks run. */
export const examineSchedule = ({ target, clock, page }: ExamineContext): Promise<Finding[]> =>
  examine('schedule', async () => {
    if (!target.isRunning)
      return failed('schedule', 'not running, so no feed is polled', `Start it with ${target.start}.`);
    const lastTick = (await target.feedStore.tick())?.lastTick ?? null;
    const text = lastTick === null ? 'no tick yet' : `last tick ${page.since(lastTick)}`;
    if (lastTick !== null && clock() - lastTick <= lateMs) return ok('schedule', text);
    return failed(
      'schedule',
      `${text}, so no feed is polled`,
      'Check that the schedule of pollFeeds is enabled, and read the log of pollFeeds.',
    );
  });
