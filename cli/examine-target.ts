import type { Config } from '../lib/core/config/config.ts';
import { toType, type Where } from '../lib/core/operator/cli-hints.ts';
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

/** The queues; dead letters are a problem of health. */
export const examineQueues = ({ target }: ExamineContext): Promise<Finding[]> =>
  examine('queues', async () => {
    const depths = await target.queueDepths();
    if (depths === null) return skipped('queues', 'available only while npm start is running');
    return ok('queues', `feeds ${depths.feeds}, drafts ${depths.drafts}`);
  });

/** When the last tick ran; a late one is a problem of health. */
export const examineSchedule = ({ target, page }: ExamineContext): Promise<Finding[]> =>
  examine('schedule', async () => {
    if (!target.isRunning) return skipped('schedule', 'not running');
    const lastTick = (await target.feedStore.tick())?.lastTick ?? null;
    return ok('schedule', lastTick === null ? 'no tick yet' : `last tick ${page.since(lastTick)}`);
  });
