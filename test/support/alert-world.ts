import type { AlertKind } from '../../lib/core/alerts/alert-row.ts';
import type { Notice } from '../../lib/core/alerts/format-alert.ts';
import type { FeedConfig } from '../../lib/core/config/config.ts';
import { retryable } from '../../lib/core/errors.ts';
import { type AlertDeps, type SendNotices, sendAlerts } from '../../lib/jobs/alerts/send-alerts.ts';
import { createDraft } from '../../lib/jobs/draft/create-draft.ts';
import { type Hooks, hooked } from './fake-stores.ts';
import { world } from './world.ts';

/** The whole pipeline over fakes, and whoever tells of it: what each channel was told, and which are broken. */
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
    notifiedElsewhere: (name: string, kind: string) => name === 'email' && kind === 'nothing-polled',
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
    /** The pipeline and whoever tells, minute by minute. */
    live: async (minutes: number) => {
      for (let i = 0; i < minutes; i++) {
        await w.minutes(1);
        await look();
      }
    },
    /** What a channel was told, of one kind or all, as `began feed-failing/newsroom`; forgotten once it is asked for. */
    told: (name = 'slack', of?: AlertKind) =>
      (heard[name] ?? [])
        .splice(0)
        .filter(({ kind }) => of === undefined || kind === of)
        .map(({ state, id }) => `${state} ${id}`),
    /** Works off the wake-ups as a stage does that announces each draft. */
    announce: async () => {
      const work = createDraft({ ...w.services, announces: true });
      for (const message of w.stores.queues.wakeUps.splice(0)) await work(message, w.call);
    },
  };
};
