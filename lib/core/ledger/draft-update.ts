import { leaseMs, serverDelayMs } from '../dash/timing.ts';
import { permanent } from '../errors.ts';
import type { ArticleField } from '../posts/draft-change.ts';
import { withEdits } from '../posts/edits.ts';
import type { Transition } from './entry-state.ts';
import { withMoment } from './history.ts';
import type { EntryRow, LaterVersion } from './row.ts';

/** After so many attempts in a row without an answer, some two days, the change of a draft is left to you. */
export const maxAttempts = 100;

/** Whether a draft is to be changed now: no other worker is changing it, and it is not postponed. */
export const isUpdateDue = ({ state, laterVersion, dueAt, leaseUntil }: EntryRow, now: number): boolean =>
  state === 'drafted' && laterVersion?.state === 'updating' && dueAt <= now && (leaseUntil ?? 0) <= now;

type Note = { at: number; code: string; detail: string };

/** The row with another note and version; its state, history before and expiry stay. */
const noted = (row: EntryRow, { at, code, detail }: Note, changes: Partial<EntryRow>): EntryRow => ({
  ...row,
  ...changes,
  rev: row.rev + 1,
  history: withMoment(row.history, {
    at,
    state: row.state,
    code,
    detail: detail.slice(0, 500).toWellFormed(),
  }),
});

/**
 * You ask for the draft to be changed. `unchecked`: even if Dash Social does not show what it says now. Throws
 * permanent `article.not-changed`.
 */
export const requestUpdate =
  ({ at, by, unchecked }: { at: number; by: string; unchecked: boolean }): Transition =>
  (row) => {
    const later = row.laterVersion;
    const isOpen = later?.state === 'open' || later?.state === 'kept';
    if (row.state !== 'drafted' || !later || !isOpen)
      throw permanent(
        'article.not-changed',
        `${row.key} has no draft to change: ${later?.state === 'updating' ? 'that is under way' : 'its article has not changed since its draft'}.`,
      );
    const detail = unchecked ? `by ${by}, without checking what it says now` : `by ${by}`;
    return noted(
      row,
      { at, code: 'article.update-requested', detail },
      {
        ...{ laterVersion: { ...later, state: 'updating', unchecked, why: null } },
        ...{ dueAt: at, wakeAt: at, failures: 0 },
      },
    );
  };

/**
 * One worker changes the draft until its lease ends; then another one reads it back, and goes on. Counts the attempt, so
 * that neither a fault nor a worker that dies is repeated without end.
 */
export const beginUpdate =
  (claimId: string, at: number): Transition =>
  (row) =>
    isUpdateDue(row, at)
      ? {
          ...row,
          claimId,
          leaseUntil: at + leaseMs,
          wakeAt: at + leaseMs + 1,
          failures: row.failures + 1,
          rev: row.rev + 1,
        }
      : null;

/** The fields that a draft has now, and the version that they come from. */
type Applied = {
  fields: Partial<Record<ArticleField, string | null>>;
  version: Pick<LaterVersion, 'storedAs' | 'contentHash'>;
};

/**
 * How a change of a draft ended. `done`: it says what the version says. `not-possible`: it is left to you, but for the
 * `fields` that were changed. `later`: no answer, or an unknown outcome; what the draft says is read first the next time.
 */
export type UpdateResult =
  | ({ kind: 'done'; note: string } & Applied)
  | { kind: 'not-possible'; why: string; fields?: Applied['fields'] }
  | { kind: 'later'; why: string; afterMs: number };

const atRest = { leaseUntil: null, wakeAt: null, failures: 0 };

const done = (
  row: EntryRow,
  later: LaterVersion,
  { fields, version, note }: Applied & { note: string },
  at: number,
) => {
  const isLatest = later.contentHash === version.contentHash;
  return noted(
    row,
    { at, code: 'article.updated', detail: note },
    {
      ...atRest,
      ...(!isLatest && { wakeAt: at }),
      ...version,
      post: row.post && withEdits(row.post, fields),
      laterVersion: { ...later, state: isLatest ? 'updated' : 'updating', unchecked: false, why: null },
    },
  );
};

type Left = { why: string; fields?: Applied['fields'] };

const leftToYou = (row: EntryRow, later: LaterVersion, { why, fields = {} }: Left, at: number): EntryRow =>
  noted(
    row,
    { at, code: 'article.not-updated', detail: why },
    {
      ...atRest,
      post: row.post && withEdits(row.post, fields),
      laterVersion: { ...later, state: 'open', unchecked: false, why },
    },
  );

/** What became of a change of a draft, if this worker's lease still counts; a version that came meanwhile is next. */
export const settleUpdate =
  (claimId: string, result: UpdateResult, at: number): Transition =>
  (row) => {
    const later = row.laterVersion;
    if (row.claimId !== claimId || later?.state !== 'updating') return null;
    if (result.kind === 'done') return done(row, later, result, at);
    if (result.kind === 'not-possible') return leftToYou(row, later, result, at);
    if (row.failures >= maxAttempts) return leftToYou(row, later, { why: result.why }, at);
    const dueAt = at + Math.max(result.afterMs, serverDelayMs);
    return { ...row, ...atRest, failures: row.failures, dueAt, wakeAt: dueAt, rev: row.rev + 1 };
  };
