import { type Overrides, overridesOf, withEdits } from '../posts/edits.ts';
import { step, type Transition, wakes } from './entry-state.ts';
import type { EntryRow } from './row.ts';

/** How often a hook is asked about an entry before its failure decides. */
export const maxTries = 3;

/** How much longer than its limit a try may take, until it counts as lost. */
export const marginMs = 30_000;

/** A queued row that its hook has not been asked about; it comes back to the queue. */
export const askFirst =
  (at: number): Transition =>
  (row) =>
    row.state === 'queued' && row.enriched === null
      ? step(
          row,
          { at, state: 'enriching', code: 'enrich.due' },
          { asking: { tries: 0, next: 'queued' }, dueAt: at, wakeAt: at },
        )
      : null;

/** Counts a try before the hook is asked, so that a worker that dies does not ask without end. */
export const ask =
  (at: number, timeoutMs: number): Transition =>
  (row) => {
    if (row.state !== 'enriching' || row.asking === null || row.dueAt > at) return null;
    if (row.asking.tries >= maxTries) return null;
    const lostAt = at + timeoutMs + marginMs;
    return step(
      row,
      { at, state: 'enriching', code: 'enrich.asked' },
      { asking: { ...row.asking, tries: row.asking.tries + 1 }, dueAt: lostAt, wakeAt: lostAt },
    );
  };

const isTry = ({ state, asking }: EntryRow, tries: number): boolean =>
  state === 'enriching' && asking?.tries === tries;

type Settled = { at: number; code: string; detail?: string; enriched: EntryRow['enriched'] };

const goOn = (row: EntryRow, { at, code, detail, enriched }: Settled): EntryRow => {
  const state = row.asking?.next ?? 'queued';
  const post = row.post && withEdits(row.post, overridesOf({ ...row, enriched }));
  return step(row, { at, state, code, detail }, { enriched, asking: null, post, ...wakes(state, at) });
};

/**
 * The hook's answer to the given try: the fields replace those of the template, and not your own edits. A row that has
 * been decided or asked again since is unchanged.
 */
export const answered =
  (tries: number, fields: Overrides, at: number, detail?: string): Transition =>
  (row) =>
    isTry(row, tries)
      ? goOn(row, {
          at,
          code: 'enrich.answered',
          enriched: { outcome: 'answered', fields, at },
          ...(detail !== undefined && { detail }),
        })
      : null;

/** The hook refused the entry. */
export const skipped =
  (tries: number, reason: string, at: number): Transition =>
  (row) =>
    isTry(row, tries)
      ? step(
          row,
          { at, state: 'filtered', code: 'enrich.skipped', detail: reason },
          { enriched: { outcome: 'skipped', fields: {}, at }, asking: null, wakeAt: null },
        )
      : null;

type Failure = { at: number; detail: string; onFailure: 'hold' | 'send'; waitMs: number };

/** A try failed: the hook is asked again later; after the last try the row is held, or goes on without an answer. */
export const failed =
  (tries: number, { at, detail, onFailure, waitMs }: Failure): Transition =>
  (row) => {
    if (!isTry(row, tries)) return null;
    if (tries < maxTries) {
      const dueAt = at + waitMs;
      return step(
        row,
        { at, state: 'enriching', code: 'enrich.no-answer', detail },
        { dueAt, wakeAt: dueAt },
      );
    }
    if (onFailure === 'send')
      return goOn(row, {
        at,
        code: 'enrich.failed',
        detail,
        enriched: { outcome: 'failed', fields: {}, at },
      });
    return step(row, { at, state: 'held', code: 'enrich.failed', detail }, { asking: null, wakeAt: null });
  };

/** A row that cannot be asked about: its post cannot be rendered. */
export const holdUnasked =
  (at: number, code: string, detail: string): Transition =>
  (row) =>
    row.state === 'enriching'
      ? step(row, { at, state: 'held', code, detail }, { asking: null, wakeAt: null })
      : null;

/** Its feed has no hook anymore, so nothing is asked. */
export const goOnWithoutHook =
  (at: number): Transition =>
  (row) =>
    row.state === 'enriching' ? goOn(row, { at, code: 'enrich.no-hook', enriched: null }) : null;
