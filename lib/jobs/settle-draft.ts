import { giveBack, settleCreated, settleRejected, settleUncertain, settleWithheld } from '../core/life.ts';
import type { Call, Clock, CreateOutcome, Ledger } from '../core/ports.ts';
import type { EntryRow } from '../core/row.ts';
import type { TikTokPost } from '../core/tiktok-post.ts';
import { backOffMs } from '../core/timing.ts';
import { changeRow } from './change-row.ts';
import { rememberPost } from './look-up.ts';

type Needs = { ledger: Pick<Ledger, 'read' | 'insert' | 'replace'>; clock: Clock; random: () => number };

/** A row under this worker's claim, with all that its POST needs. */
export type Claimed = EntryRow & { claimId: string; leaseUntil: number; post: TikTokPost };

/** Writes what became of the POST onto the row, once; who comes too late for it still keeps a post's id. */
export const settleDraft =
  (services: Needs) =>
  async (claimed: Claimed, outcome: CreateOutcome, call: Call): Promise<void> => {
    const { key, feed, brand, claimId } = claimed;
    const at = services.clock();
    const change = changeRow(services);
    const about = { key, feed, brand };
    switch (outcome.kind) {
      case 'created':
        if (outcome.postId !== null && claimed.whenUncertain === 'look_up')
          await rememberPost(services)(outcome.postId, key);
        await change(key, settleCreated(claimId, outcome.postId, at), claimed);
        return call.report({
          event: 'draft.created',
          ...about,
          postId: outcome.postId,
          delayMs: delayOf(claimed, at),
        });
      case 'withheld':
        await change(key, settleWithheld(claimId, at), claimed);
        return call.report({ event: 'draft.withheld', ...about });
      case 'rejected':
        await change(key, settleRejected(claimId, outcome.errors, outcome.message, at), claimed);
        return call.report({ event: 'draft.rejected', ...about, message: outcome.message });
      case 'uncertain': {
        const { code, message } = outcome;
        await change(key, settleUncertain(claimId, at, code, message), claimed);
        return call.report({ event: 'draft.uncertain', ...about, code, message });
      }
      default: {
        const back = backTo(services, claimed, outcome, at);
        await change(key, giveBack({ claimId, at, ...back }), claimed);
        return call.report({
          event: 'draft.waits',
          ...about,
          code: back.code,
          message: back.detail,
          dueAt: back.dueAt,
        });
      }
    }
  };

/** A feed may date an entry ahead of its time: then there is no delay, and none below nothing. */
const delayOf = ({ published }: EntryRow, at: number): number | null => {
  const publishedAt = Date.parse(published ?? '');
  return Number.isNaN(publishedAt) ? null : Math.max(0, at - publishedAt);
};

type Refused = Exclude<CreateOutcome, { kind: 'created' | 'withheld' | 'rejected' | 'uncertain' }>;

/** Certainly not created: when the row is to be tried again. */
const backTo = ({ random }: Needs, row: EntryRow, outcome: Refused, at: number) => {
  switch (outcome.kind) {
    case 'throttled':
      return { dueAt: outcome.until, code: 'dash.throttled', detail: 'the rate limit is used up' };
    case 'unauthorized':
      return { dueAt: at, code: 'dash.unauthorized', detail: 'the token was refused' };
    case 'forbidden':
      return { dueAt: at, code: 'dash.forbidden', detail: `the token may not use brand ${row.brand}` };
    case 'not-sent':
      return { dueAt: at, code: 'draft.not-sent', detail: 'the lease would not have outlasted the request' };
    case 'not-created':
      return {
        dueAt: at + backOffMs(row.failures, random()),
        code: outcome.code,
        detail: outcome.message,
        failed: true,
      };
  }
};
