import { rejectionText } from '../dash/rejection-text.ts';
import {
  keepMs,
  leaseMs,
  lookUpKeepsTryingDays,
  maxDoubles,
  pointerKeepMs,
  serverDelayMs,
  uncertainPauseMs,
  wakeGraceMs,
} from '../dash/timing.ts';
import type { Entry } from '../entries/entry.ts';
import type { Lesson } from '../entries/memory/feed-memory.ts';
import { withLeading } from '../entries/seen-again.ts';
import { rowTitle } from '../entries/stored-entry.ts';
import type { TikTokPost } from '../posts/tiktok-post.ts';
import { lastReason, withMoment } from './history.ts';
import type { Rendering } from './row.ts';
import {
  type Asking,
  type Conditions,
  type EntryRow,
  finalStates,
  type Moment,
  type PairRow,
  type PointerRow,
  type RecognizedAs,
  rowFormat,
  type State,
  type WhenUncertain,
} from './row.ts';

/**
 * The state machine of an entry: one pure function per transition. Each takes the row as read and returns the row to
 * write over exactly that version, or null if the transition does not apply.
 */
export type Transition = (row: EntryRow) => EntryRow | null;

/** A state and its reason: `code` is `area.reason`. */
export type Verdict = {
  state: 'baselined' | 'filtered' | 'held' | 'enriching' | 'review' | 'queued';
  code: string;
  detail?: string;
};

const seconds = (ms: number) => Math.ceil(ms / 1000);

const moment = (at: number, state: State, code: string, detail?: string): Moment =>
  detail === undefined ? { at, state, code } : { at, state, code, detail: detail.slice(0, 500) };

type Step = { at: number; state: State; code: string; detail?: string | undefined };

/** The row after one transition: state, history, version and expiry change together, and what came before stays. */
export const step = (
  row: EntryRow,
  { at, state, code, detail }: Step,
  changes: Partial<EntryRow> = {},
): EntryRow => ({
  ...row,
  undo: null,
  ...changes,
  // a draft whose article changed before it was made is changed at once
  ...(state === 'drafted' && row.laterVersion?.state === 'updating' && { wakeAt: at }),
  state,
  rev: row.rev + 1,
  format: rowFormat,
  expiresAt: finalStates.has(state) ? seconds(at + keepMs) : null,
  history: withMoment(row.history, moment(at, state, code, detail)),
});

const asleep = { wakeAt: null, claimId: null, leaseUntil: null };

export type NewRow = {
  key: string;
  feed: string;
  brand: number;
  /** As stored. */
  entry: Entry;
  storedAs: string | null;
  contentHash: string;
  whenUncertain: WhenUncertain;
  post: TikTokPost | null;
  rendering: Rendering;
  verdict: Verdict;
  /** The state that follows, if its hook is asked first. */
  afterHook?: Asking['next'] | null;
  seenIn: string;
  leading: readonly string[];
  batch: string | null;
  lesson: Lesson | null;
  at: number;
};

const onItsWay: ReadonlySet<State> = new Set(['enriching', 'review', 'queued']);

/** An entry that is too large to store is held, because a later template change could not be applied to it. */
const ifStored = (storedAs: string | null, verdict: Verdict): Verdict =>
  storedAs !== null || !onItsWay.has(verdict.state)
    ? verdict
    : {
        state: 'held',
        code: 'entry.too-large',
        detail: 'release it to send the post as it is, or dismiss it',
      };

/** When a row that has just come into a state is due, and when the sweep wakes it. */
export const wakes = (state: State, at: number) => ({
  dueAt: at,
  wakeAt: state === 'queued' || state === 'enriching' ? at + wakeGraceMs : null,
});

const asked = (state: State, next: Asking['next'] | null): Asking | null =>
  state === 'enriching' && next !== null ? { tries: 0, next } : null;

/** The row of an entry seen for the first time. */
export const newRow = ({ entry, verdict: proposed, ...given }: NewRow): EntryRow => {
  const { key, feed, brand, storedAs, contentHash, whenUncertain, post, rendering } = given;
  const { afterHook = null, seenIn, leading, batch, lesson, at } = given;
  const verdict = ifStored(storedAs, proposed);
  return {
    type: 'entry',
    key,
    format: rowFormat,
    rev: 1,
    expiresAt: finalStates.has(verdict.state) ? seconds(at + keepMs) : null,
    state: verdict.state,
    feed,
    brand,
    title: rowTitle(entry),
    link: entry.link,
    published: entry.published,
    seenAt: at,
    post,
    rendering,
    edited: null,
    enriched: null,
    asking: asked(verdict.state, afterHook),
    undo: null,
    storedAs,
    contentHash,
    laterVersion: null,
    whenUncertain,
    ...wakes(verdict.state, at),
    claimId: null,
    leaseUntil: null,
    attempts: 0,
    failures: 0,
    mayBeTwice: 0,
    postId: null,
    alsoPosted: [],
    checkedAt: null,
    errors: null,
    seenIn: [seenIn],
    leading: withLeading([], leading),
    batch,
    lesson,
    history: [moment(at, verdict.state, verdict.code, verdict.detail)],
  };
};

/** A pointer expires a week before its target can. */
export const newPointer = (
  key: string,
  owner: string,
  at: number,
  {
    conditions = null,
    recognized = null,
  }: { conditions?: Conditions | null; recognized?: RecognizedAs | null } = {},
): PointerRow => ({
  type: 'pointer',
  key,
  format: rowFormat,
  rev: 1,
  owner,
  conditions,
  recognized,
  expiresAt: seconds(at + pointerKeepMs),
});

/** The row of a link shared by a feed and its webhook, with one side's slot taken. */
export const newPair = (key: string, side: 'feed' | 'hook', own: string, at: number): PairRow => ({
  type: 'pair',
  key,
  format: rowFormat,
  rev: 1,
  feed: null,
  hook: null,
  [side]: own,
  expiresAt: seconds(at + pointerKeepMs),
});

/** A change that is applied with the next write of a row. */
export type Rerender = (row: EntryRow) => EntryRow;

/** Whether two versions of a row have the same edits, so that a post made for one is right for the other. */
export const sameEdits = (a: Pick<EntryRow, 'edited'>, b: Pick<EntryRow, 'edited'>): boolean =>
  JSON.stringify(a.edited) === JSON.stringify(b.edited);

type RenderedAgain = Pick<EntryRow, 'rendering' | 'edited'> & { post: TikTokPost };

/**
 * Sets a post rendered again with these settings and edits. A row that has it already, or was edited meanwhile, is
 * unchanged.
 */
export const rendered =
  ({ post, rendering, edited }: RenderedAgain, at: number): Rerender =>
  (row) => {
    const { by, from } = row.rendering;
    if (!sameEdits(row, { edited })) return row;
    if (row.post !== null && by === rendering.by && from === rendering.from) return row;
    const history = withMoment(row.history, moment(at, row.state, 'post.rendered-again'));
    return { ...row, post, rendering, history };
  };

/** Notes that the video of a post could not be checked, once in the history of a row. */
export const mediumUnchecked =
  (detail: string, at: number): Rerender =>
  (row) =>
    row.history.some(({ code }) => code === 'media.unchecked')
      ? row
      : { ...row, history: withMoment(row.history, moment(at, row.state, 'media.unchecked', detail)) };

/** Claims the row: from here a POST may be in progress until the lease ends. `post`: as it is sent, with its time. */
export const claim =
  (claimId: string, at: number, post?: TikTokPost): Transition =>
  (row) =>
    row.state === 'queued' && row.dueAt <= at && row.post
      ? step(
          row,
          { at, state: 'drafting', code: 'draft.claimed' },
          {
            post: post ?? row.post,
            claimId,
            leaseUntil: at + leaseMs,
            wakeAt: at + leaseMs + 1,
            attempts: row.attempts + 1,
          },
        )
      : null;

const isMine = (row: EntryRow, claimId: string, ...states: State[]) =>
  row.claimId === claimId && states.includes(row.state);

type ReleaseClaim = {
  claimId: string;
  at: number;
  dueAt: number;
  code: string;
  detail?: string;
  failed?: boolean;
};

/** Certainly not created: the row waits again and the attempt does not count, even if its lease has expired. */
export const releaseClaim =
  ({ claimId, at, dueAt, code, detail, failed = false }: ReleaseClaim): Transition =>
  (row) =>
    isMine(row, claimId, 'drafting', 'uncertain')
      ? step(
          row,
          { at, state: 'queued', code, detail },
          {
            ...asleep,
            dueAt,
            wakeAt: dueAt,
            attempts: row.attempts - 1,
            failures: failed ? row.failures + 1 : row.failures,
          },
        )
      : null;

/** The draft exists. A result that comes too late for its claim is still recorded in the row. */
export const settleCreated =
  (claimId: string, postId: number | null, at: number): Transition =>
  (row) => {
    if (isMine(row, claimId, 'drafting', 'uncertain', 'queued'))
      return step(
        row,
        { at, state: 'drafted', code: 'draft.created' },
        { ...asleep, claimId, postId, failures: 0 },
      );
    if (postId === null || row.postId === postId || row.alsoPosted.includes(postId)) return null;
    const detail = `draft ${postId} also exists`;
    const kept = step(
      row,
      { at, state: row.state, code: 'draft.twice', detail },
      { alsoPosted: [...row.alsoPosted, postId], checkedAt: null },
    );
    return { ...kept, expiresAt: row.expiresAt };
  };

/** Dash Social rejected the post because of its content. */
export const settleRejected =
  (claimId: string, errors: unknown, message: string, at: number): Transition =>
  (row) =>
    isMine(row, claimId, 'drafting', 'uncertain', 'queued')
      ? step(
          row,
          { at, state: 'rejected', code: 'dash.rejected', detail: rejectionText(message, errors) },
          { ...asleep, claimId, errors },
        )
      : null;

/** The draft may exist; the row's policy decides what follows, in the same write. */
const becomeUncertain = (row: EntryRow, at: number, code: string, detail?: string): EntryRow => {
  if (row.whenUncertain === 'retry' && row.mayBeTwice < maxDoubles) {
    const dueAt = at + uncertainPauseMs;
    const why = `${detail ? `${detail}. ` : ''}It is sent again later, so there may be two drafts`;
    return step(
      row,
      { at, state: 'queued', code, detail: why },
      { mayBeTwice: row.mayBeTwice + 1, checkedAt: null, dueAt, wakeAt: dueAt },
    );
  }
  // What is absent now may still be committed, so the look-up waits for the lease and the server's delay.
  const lookAt = row.whenUncertain === 'auto' ? Math.max(at, row.leaseUntil ?? at) + serverDelayMs : null;
  return step(row, { at, state: 'uncertain', code, detail }, { wakeAt: lookAt, dueAt: lookAt ?? row.dueAt });
};

/** The POST's outcome is unknown. */
export const settleUncertain =
  (claimId: string, at: number, code: string, detail: string): Transition =>
  (row) =>
    isMine(row, claimId, 'drafting') ? becomeUncertain(row, at, code, detail) : null;

/** The lease ran out: its worker died, and whether its POST was sent is unknown. */
export const expireLease =
  (at: number): Transition =>
  (row) =>
    row.state === 'drafting' && row.leaseUntil !== null && row.leaseUntil < at
      ? becomeUncertain(row, at, 'draft.lease-ran-out')
      : null;

export type LookedUp =
  | { kind: 'found'; postId: number }
  | { kind: 'absent' }
  | { kind: 'later'; detail: string; dueAt: number }
  | { kind: 'inconclusive'; detail: string };

const notAvailable = 'look-up.not-available';

const unclear = (row: EntryRow, detail: string, at: number): EntryRow =>
  step(row, { at, state: 'uncertain', code: 'look-up.inconclusive', detail }, { wakeAt: null });

/** Tried again later, which is recorded once, with the latest reason; in the end the row needs a decision. */
const lookUpLater = (
  row: EntryRow,
  { detail, dueAt }: Extract<LookedUp, { kind: 'later' }>,
  at: number,
): EntryRow => {
  const before = lastReason(row);
  const isRepeated = before?.code === notAvailable;
  const since = isRepeated ? before.at : at;
  if (at - since >= lookUpKeepsTryingDays * 86_400_000)
    return unclear(row, `${detail}, each time for ${lookUpKeepsTryingDays} days`, at);
  const history = isRepeated ? row.history.filter((moment) => moment !== before) : row.history;
  return step(
    { ...row, history },
    { at: since, state: 'uncertain', code: notAvailable, detail },
    { failures: row.failures + 1, wakeAt: dueAt, dueAt },
  );
};

/**
 * The result of looking up an attempt of unknown outcome in Dash Social. An attempt that has been claimed or moved
 * since is unchanged. While the list cannot be requested, it is tried again; if the result is inconclusive, the row
 * needs a decision.
 */
export const lookedUp =
  (claimId: string | null, found: LookedUp, at: number): Transition =>
  (row) => {
    if (row.state !== 'uncertain' || row.claimId !== claimId) return null;
    switch (found.kind) {
      case 'found':
        return step(
          row,
          { at, state: 'drafted', code: 'look-up.found' },
          { ...asleep, claimId, postId: found.postId, failures: 0 },
        );
      case 'absent':
        return step(
          row,
          { at, state: 'queued', code: 'look-up.absent' },
          { ...asleep, dueAt: at, wakeAt: at },
        );
      case 'later':
        return lookUpLater(row, found, at);
      case 'inconclusive':
        return unclear(row, found.detail, at);
    }
  };

/** A wake-up was sent; the sweep skips the row for a while. */
export const deferWakeUp =
  (at: number): Transition =>
  (row) =>
    row.wakeAt !== null && row.wakeAt <= at && row.state !== 'drafting'
      ? { ...row, rev: row.rev + 1, wakeAt: at + wakeGraceMs }
      : null;

/** Postponed by a limit of its feed. Recorded once, however often it is postponed for the same reason. */
export const postpone =
  (at: number, { dueAt, code, detail }: { dueAt: number; code: string; detail: string }): Transition =>
  (row) => {
    if (row.state !== 'queued' || row.dueAt > at) return null;
    const isRepeated = row.history.at(-1)?.code === code;
    const history = isRepeated ? row.history.slice(0, -1) : row.history;
    const changes = { dueAt, wakeAt: dueAt, undo: row.undo };
    return step({ ...row, history }, { at, state: 'queued', code, detail }, changes);
  };

/** Nothing was sent, because this stage delivers nothing; the row contains the post. */
export const settleWithheld =
  (claimId: string, at: number): Transition =>
  (row) =>
    isMine(row, claimId, 'drafting', 'uncertain', 'queued')
      ? step(
          row,
          { at, state: 'drafted', code: 'draft.would-have-been-sent', detail: 'this stage delivers nothing' },
          { ...asleep, claimId, postId: null, failures: 0 },
        )
      : null;

/** Held for a decision, before anything was sent. */
export const hold =
  (at: number, code: string, detail?: string): Transition =>
  (row) =>
    row.state === 'queued' ? step(row, { at, state: 'held', code, detail }, asleep) : null;

type TakeOver = {
  feed: string;
  side: 'feed' | 'hook';
  news: boolean;
  /** Whether it waits for review first. */
  forReview: boolean;
  /** Whether its hook is asked before that. */
  asksHook?: boolean;
  firstPublished: boolean;
  post: TikTokPost | null;
  rendering: Rendering;
  storedAs: string | null;
  contentHash: string;
  leading: readonly string[];
  whenUncertain: WhenUncertain;
  at: number;
};

/**
 * Another feed's decision against an entry does not bind a feed that would use it: `filtered` never does, and
 * `baselined` does not if the story is new here. A webhook that reports a first publication overrides its own feed's
 * baseline.
 */
export const takeOver =
  ({
    feed,
    side,
    news,
    firstPublished,
    forReview,
    asksHook = false,
    leading,
    at,
    ...given
  }: TakeOver): Transition =>
  (row) => {
    const other = row.feed !== feed;
    const wanted = other ? news : side === 'hook' && firstPublished;
    if (!((row.state === 'filtered' && other) || (row.state === 'baselined' && wanted))) return null;
    const next = forReview ? 'review' : 'queued';
    const taken: Verdict = { state: asksHook ? 'enriching' : next, code: 'entry.taken-over', detail: feed };
    const { post, rendering, storedAs, contentHash, whenUncertain } = given;
    const verdict = ifStored(storedAs, taken);
    const hook = { enriched: null, asking: asked(verdict.state, next) };
    const taking = { feed, post, rendering, whenUncertain, storedAs, contentHash };
    const changes = { ...taking, ...hook, ...wakes(verdict.state, at) };
    return step(row, { at, ...verdict }, { ...changes, leading: withLeading(row.leading, leading) });
  };
