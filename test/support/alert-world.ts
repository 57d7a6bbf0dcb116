import type { AlertKind } from '../../lib/core/alerts/alert-row.ts';
import type { Notice } from '../../lib/core/alerts/format-alert.ts';
import type { FeedConfig } from '../../lib/core/config/config.ts';
import { retryable } from '../../lib/core/errors.ts';
import { type AlertDeps, type SendNotices, sendAlerts } from '../../lib/jobs/alerts/send-alerts.ts';
import { createDraft } from '../../lib/jobs/draft/create-draft.ts';
import { type Hooks, hooked } from './fake-stores.ts';
import { world } from './world.ts';

/**
 * The pipeline with fakes and sendAlerts. `heard` holds each channel's notices, `broken` the names of failing
 * channels.
 */
export const alertWorld = (feeds: Partial<FeedConfig>[] = [{}], hooks: Hooks = {}) => {
  const w = world(feeds, hooks);
  const heard: Record<string, Notice[]> = { log: [], slack: [], email: [] };
  const broken = new Set<string>();
  const dead = { feeds: 0, drafts: 0, unreachable: false };
  const channel = (name: string): SendNotices =>
    hooked(
      hooks,
      `tell.${name}`,
    )((notices: Notice[]) => {
      if (broken.has(name)) throw retryable('alert.not-now', 'hooks.example answered 503 to an alert');
      heard[name]?.push(...notices);
    });
  const count = (queue: 'feeds' | 'drafts') => async () => {
    if (dead.unreachable) throw retryable('queue.unreachable', 'no queue');
    return dead[queue];
  };
  const services = {
    ...w.services,
    deadLetters: { feeds: count('feeds'), drafts: count('drafts') },
    channels: { log: channel('log'), slack: channel('slack'), email: channel('email') },
    notifiedElsewhere: (name: string, kind: string) => name === 'email' && kind === 'ticks-stopped',
    context: { timezone: 'UTC', where: {} },
  } satisfies AlertDeps;
  const look = () => sendAlerts(services)({}, w.call);

  return {
    ...w,
    services,
    heard,
    broken,
    dead,
    look,
    /** Runs the pipeline and sendAlerts minute by minute. */
    live: async (minutes: number) => {
      for (let i = 0; i < minutes; i++) {
        await w.minutes(1);
        await look();
      }
    },
    /** A channel's notices of one kind or all, such as `began feed-failing/newsroom`; they are removed when read. */
    takeNotices: (name = 'slack', of?: AlertKind) =>
      (heard[name] ?? [])
        .splice(0)
        .filter(({ kind }) => of === undefined || kind === of)
        .map(({ state, id }) => `${state} ${id}`),
    /** Processes the wake-ups on a stage that announces each draft. */
    announce: async () => {
      const work = createDraft({ ...w.services, announces: true });
      for (const message of w.stores.queues.wakeUps.splice(0)) await work(message, w.call);
    },
  };
};
