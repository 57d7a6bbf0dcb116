import type { FeedConfig } from '../core/config.ts';
import type { AppError } from '../core/errors.ts';
import type { FeedRow } from '../core/feed-row.ts';
import type { Call, Clock, FeedStore } from '../core/ports.ts';
import { backOffMs } from '../core/timing.ts';

type Needs = { feedStore: Pick<FeedStore, 'read' | 'save' | 'setSlot'>; clock: Clock; random: () => number };

const hour = 3_600_000;
const day = 24 * hour;
const firstWaitMs = 5 * 60_000;

const unread = (feed: FeedConfig): FeedRow => ({
  id: feed.id,
  rev: 0,
  url: feed.url,
  validators: { etag: null, lastModified: null },
  bodyHash: null,
  digest: null,
  newest: null,
  counts: null,
  changedAt: null,
  trouble: null,
});

/**
 * A feed's failure stays with the feed: code, message, since when and how often go onto its row, and it is polled
 * again after what the server asked for, or a back-off up to a day, for ever. One that is gone (410) is polled no
 * more until its address changes.
 */
export const noteTrouble =
  (services: Needs) =>
  async (feed: FeedConfig, error: AppError, call: Call): Promise<void> => {
    const row = (await services.feedStore.read(feed.id)) ?? unread(feed);
    const now = services.clock();
    const failures = (row.trouble?.failures ?? 0) + 1;
    const wait = Math.max(error.retryAfterMs ?? 0, backOffMs(failures, services.random(), firstWaitMs, day));
    const nextAt = now + Math.min(wait, day);
    const { code, message } = error;
    const trouble = { code, message, since: row.trouble?.since ?? now, failures, lastAt: now, nextAt };
    // Overtaken: somebody else has polled it meanwhile and knows better.
    if (!(await services.feedStore.save({ ...row, trouble, rev: row.rev + 1 }))) return;
    const slot = code === 'feed.gone' ? { notBefore: nextAt, goneUrl: feed.url } : { notBefore: nextAt };
    await services.feedStore.setSlot(feed.id, slot);
    call.report({ event: 'poll.failed', feed: feed.id, code, message, failures, nextAt });
  };

/** The feed answered again: its failure and its pause end. Writes nothing when there was none. */
export const noteRecovery =
  (services: Pick<Needs, 'feedStore'>) =>
  async (row: FeedRow | null, call: Call): Promise<void> => {
    if (!row?.trouble) return;
    if (!(await services.feedStore.save({ ...row, trouble: null, rev: row.rev + 1 }))) return;
    await services.feedStore.setSlot(row.id, { notBefore: 0 });
    call.report({ event: 'poll.recovered', feed: row.id });
  };
