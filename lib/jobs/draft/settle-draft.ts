import { backOffMs } from '../../core/backoff.ts';
import { tokenProblemTexts } from '../../core/circuit/token-problem.ts';
import { rowBackOff } from '../../core/dash/timing.ts';
import type { AppEvent } from '../../core/events.ts';
import {
  releaseClaim,
  settleCreated,
  settleRejected,
  settleUncertain,
  settleWithheld,
  type Transition,
} from '../../core/ledger/entry-state.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import type { Clock, CreateOutcome, Invocation, LatestDrafts, Ledger } from '../../core/ports.ts';
import type { TikTokPost } from '../../core/posts/tiktok-post.ts';
import { changeRow } from '../change-row.ts';
import { expireStoredEntry } from '../operator/expire-stored-entry.ts';
import { untilWritten } from '../until-written.ts';
import { noteLatest, rememberPost } from './look-up.ts';

type Deps = {
  ledger: Pick<Ledger, 'read' | 'insert' | 'replace' | 'setStoredEntryExpiry'>;
  latestDrafts: LatestDrafts;
  clock: Clock;
  random: () => number;
  sleep: (ms: number) => Promise<void>;
};

/** A row under this worker's claim, with everything its POST needs. */
export type Claimed = EntryRow & { claimId: string; leaseUntil: number; post: TikTokPost };

/** A POST's outcome as written to its row and logged. */
export type Settlement = {
  claimed: Claimed;
  outcome: CreateOutcome;
  /** When the outcome was known. */
  at: number;
  transition: Transition;
  news: AppEvent;
};

/**
 * Logs the POST's outcome, then writes it to the row, with retries and growing pauses until the lease or the
 * invocation ends. A settlement after the lease still records the post's ID. Throws the last error.
 */
export const settleDraft = async (
  deps: Deps,
  settlement: Settlement,
  invocation: Invocation,
): Promise<void> => {
  invocation.report(settlement.news);
  await untilWritten(deps, () => writeSettlement(deps, settlement), settlement.claimed, invocation);
};

/** Tries once to write an outcome to its row; safe to repeat. */
export const writeSettlement = async (
  deps: Deps,
  { claimed, outcome, transition, at }: Settlement,
): Promise<void> => {
  const { key, brand } = claimed;
  const postId = outcome.kind === 'created' ? outcome.postId : null;
  if (postId !== null) await rememberPost(deps, postId, key);
  const settled = await changeRow(deps, key, transition, claimed);
  await expireStoredEntry(deps, settled);
  if (postId !== null) await noteLatest(deps, { brand, postId, at });
};

/** The change that an outcome makes to a row, decided once, when the outcome is known. */
export const settlementOf = (deps: Deps, claimed: Claimed, outcome: CreateOutcome): Settlement => {
  const at = deps.clock();
  const { claimId } = claimed;
  const about = aboutOf(claimed);
  switch (outcome.kind) {
    case 'created': {
      const { postId } = outcome;
      const news: AppEvent = { event: 'draft.created', ...about, postId, delayMs: delayOf(claimed, at) };
      return { claimed, outcome, at, transition: settleCreated(claimId, postId, at), news };
    }
    case 'withheld': {
      const news: AppEvent = { event: 'draft.withheld', ...about };
      return { claimed, outcome, at, transition: settleWithheld(claimId, at), news };
    }
    case 'rejected': {
      const { errors, message } = outcome;
      const news: AppEvent = { event: 'draft.rejected', ...about, message };
      return { claimed, outcome, at, transition: settleRejected(claimId, errors, message, at), news };
    }
    case 'uncertain': {
      const { code, message } = outcome;
      const news: AppEvent = { event: 'draft.uncertain', ...about, code, message };
      return { claimed, outcome, at, transition: settleUncertain(claimId, at, code, message), news };
    }
    default: {
      const back = backTo(deps, claimed, outcome, at);
      const { code, detail: message, dueAt } = back;
      const news: AppEvent = { event: 'draft.deferred', ...about, code, message, dueAt };
      return { claimed, outcome, at, transition: releaseClaim({ claimId, at, ...back }), news };
    }
  }
};

const aboutOf = ({ key, feed, brand }: EntryRow) => ({ key, feed, brand });

/** A feed may date an entry in the future; then there is no delay, and never a negative one. */
const delayOf = ({ published }: EntryRow, at: number): number | null => {
  const publishedAt = Date.parse(published ?? '');
  return Number.isNaN(publishedAt) ? null : Math.max(0, at - publishedAt);
};

type Refused = Exclude<CreateOutcome, { kind: 'created' | 'withheld' | 'rejected' | 'uncertain' }>;

/** Certainly not created: when to try the row again. */
const backTo = ({ random }: Deps, row: EntryRow, outcome: Refused, at: number) => {
  switch (outcome.kind) {
    case 'throttled':
      return {
        dueAt: outcome.until,
        code: 'dash.throttled',
        detail: 'the rate limit of Dash Social is reached',
      };
    case 'unauthorized':
      return {
        dueAt: at,
        code: 'dash.unauthorized',
        detail: tokenProblemTexts[outcome.problem ?? 'unauthorized'],
      };
    case 'forbidden':
      return { dueAt: at, code: 'dash.forbidden', detail: `the token may not use brand ${row.brand}` };
    case 'not-sent':
      return {
        dueAt: at,
        code: 'draft.not-sent',
        detail: 'too little time was left to wait for the response',
      };
    case 'not-created':
      return {
        dueAt: at + backOffMs(row.failures, rowBackOff, random()),
        code: outcome.code,
        detail: outcome.message,
        failed: true,
      };
  }
};
