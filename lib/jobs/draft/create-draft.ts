import { draftMade, notAsConfigured } from '../../core/alerts/alert.ts';
import { adaptiveSemaphore } from '../../core/circuit/adaptive-semaphore.ts';
import { tokenProblemOf } from '../../core/circuit/token-problem.ts';
import type { Config } from '../../core/config/config.ts';
import { rowOwners } from '../../core/config/row-owners.ts';
import type { ReadMedium } from '../../core/dash/medium.ts';
import { mustRemainMs } from '../../core/dash/timing.ts';
import { hookOf } from '../../core/enrich/hook-of.ts';
import { AppError } from '../../core/errors.ts';
import { askFirst } from '../../core/ledger/enrich-state.ts';
import {
  claim,
  type Rerender,
  sameEdits,
  type Transition,
  type Verdict,
} from '../../core/ledger/entry-state.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import type {
  AcquireTurn,
  AlertStore,
  CircuitStore,
  Clock,
  CreateOutcome,
  DashDrafts,
  DashSocial,
  Invocation,
  LatestDrafts,
  Ledger,
  ListRecentPosts,
  QuotaStore,
  UpdateRate,
  WakeUp,
} from '../../core/ports.ts';
import { hasOwnTime } from '../../core/posts/edits.ts';
import { exceedsPublish } from '../../core/posts/exceeds-publish.ts';
import { staleAfterOf, tooLateToSend } from '../../core/posts/go-public.ts';
import { isTimedWhenSent, withoutTimestamp } from '../../core/posts/stamp-post.ts';
import type { TikTokPost } from '../../core/posts/tiktok-post.ts';
import { raiseAlert } from '../alerts/raise-alert.ts';
import { changeRow } from '../change-row.ts';
import { checkMedium } from './check-medium.ts';
import { holdEntry } from './hold-entry.ts';
import { lookUp } from './look-up.ts';
import { mayPost, tokenIsReady } from './may-post.ts';
import { rowInTurn, wokenRow } from './oldest-due.ts';
import { recordOutcome } from './record-outcome.ts';
import { recordUnexpectedError } from './record-unexpected-error.ts';
import { renderAgain } from './render-again.ts';
import { releaseQuota, reserveQuota } from './reserve-quota.ts';
import { type Claimed, type Settlement, settleDraft, settlementOf, writeSettlement } from './settle-draft.ts';
import { updateDraft } from './update-draft.ts';

type CreateDraftDeps = {
  config: Pick<Config, 'feeds' | 'webhooks'>;
  ledger: Pick<
    Ledger,
    'read' | 'insert' | 'replace' | 'storedEntry' | 'setStoredEntryExpiry' | 'oldestQueued'
  >;
  circuits: CircuitStore;
  quotas: QuotaStore;
  alerts: Pick<AlertStore, 'put'>;
  /** Whether each new draft is announced. */
  announces: boolean;
  /** Fetches the token, so that nothing slow happens between a claim and its POST. Throws config errors. */
  readyToken: () => Promise<void>;
  acquireTurn: AcquireTurn;
  updateRate: UpdateRate;
  dash: Pick<DashSocial, 'create'>;
  drafts: DashDrafts;
  listRecentPosts: ListRecentPosts;
  latestDrafts: LatestDrafts;
  readMedium: ReadMedium;
  clock: Clock;
  random: () => number;
  newId: () => string;
  sleep: (ms: number) => Promise<void>;
};

/**
 * Posts one queued row once: the oldest row that may be sent of the named row's feed. Safe to call any number of
 * times, concurrently, in any order and with stale messages. A worker sends several rows concurrently, fewer the more
 * responses failed in a row, so that an outage makes few rows uncertain. An outcome that could not be written is kept
 * in memory and written before the next row.
 */
export const createDraft = (deps: CreateDraftDeps) => {
  const outcomes = recordOutcome(deps);
  const limited = adaptiveSemaphore(outcomes.failureBudget);
  const worker: Worker = { record: outcomes.record, unwritten: new Set() };
  return (wakeUp: WakeUp, invocation: Invocation): Promise<void> =>
    limited(() => work(deps, worker, wakeUp, invocation));
};

/** What a worker remembers between messages. `unwritten`: known outcomes that no row shows yet. */
type Worker = { record: ReturnType<typeof recordOutcome>['record']; unwritten: Set<Settlement> };

/** A row as this attempt last read or wrote it, and whether its POST's outcome is known. */
type Known = { row: EntryRow; hasOutcome: boolean };

const work = async (
  deps: CreateDraftDeps,
  worker: Worker,
  wakeUp: WakeUp,
  invocation: Invocation,
): Promise<void> => {
  await writeLeftovers(deps, worker);
  const row = await wokenRow(deps, wakeUp);
  if (!row) return;
  if (row.state === 'drafted') return changeDraft(deps, row, invocation);
  const known: Known = { row, hasOutcome: false };
  try {
    await post(deps, worker, known, wakeUp, invocation);
  } catch (error) {
    // A known outcome is never overwritten by a later failure, and the first of two errors is more informative.
    if (!known.hasOutcome) await recordUnexpectedError(deps, error, known.row, invocation).catch(() => {});
    throw error;
  }
};

/** While posting is stopped or paused, the change of a draft waits like everything that is sent. */
const changeDraft = async (deps: CreateDraftDeps, row: EntryRow, invocation: Invocation): Promise<void> => {
  const hasOwner = rowOwners(deps.config).some(({ id }) => id === row.feed);
  if (hasOwner && !(await mayPost(deps, row, undefined, invocation))) return;
  if (!(await tokenIsReady(deps, invocation)) || !(await deps.acquireTurn(invocation))) return;
  await updateDraft(deps, row, invocation);
};

/** Tries each once; what cannot be written waits for the next message. */
const writeLeftovers = async (deps: CreateDraftDeps, { unwritten }: Worker): Promise<void> => {
  for (const settlement of [...unwritten]) {
    unwritten.delete(settlement); // no other row of this worker tries it meanwhile
    await writeSettlement(deps, settlement).catch((error: unknown) => {
      if (error instanceof AppError && error.kind !== 'permanent') unwritten.add(settlement);
    });
  }
};

const post = async (
  deps: CreateDraftDeps,
  worker: Worker,
  known: Known,
  wakeUp: WakeUp,
  invocation: Invocation,
): Promise<void> => {
  const canPost = () => mayPost(deps, known.row, wakeUp.probe, invocation);
  if (!(await canPost())) return; // nothing to do now; the sweep wakes it again
  if (!(await tokenIsReady(deps, invocation))) return;
  if (!(await deps.acquireTurn(invocation)) || !(await canPost())) return; // the circuit may have opened while it waited
  for (let race = 0; race < maxRaces; race++) {
    known.row = await rowInTurn(deps, known.row, wakeUp);
    const claimed = await prepare(deps, worker, known.row, invocation);
    if (claimed === 'settled') return;
    if (claimed !== 'taken') return sendAndRecord(deps, worker, known, claimed, wakeUp, invocation);
    const next = await wokenRow(deps, wakeUp);
    if (!next) return;
    known.row = next;
  }
};

/** Another worker may be faster when many messages of a feed arrive at once. */
const maxRaces = 5;

/** A row under our claim, `settled` if nothing is to be sent now, or `taken` if another worker sends it. */
const prepare = async (
  deps: CreateDraftDeps,
  worker: Worker,
  row: EntryRow,
  invocation: Invocation,
): Promise<Claimed | 'settled' | 'taken'> => {
  if (row.state === 'uncertain') return settled(lookUp(deps, row, invocation));
  const excess = exceedsPublish(row, deps.config);
  if (excess) return settled(holdExcess(deps, row, excess, invocation));
  if (asksHookFirst(deps, row)) return settled(changeRow(deps, row.key, askFirst(deps.clock()), row));
  const rendered = await renderAgain(deps, row);
  if (rendered.kind === 'failed') return settled(holdEntry(deps, row, rendered, invocation));
  const rerender = rendered.kind === 'again' ? rendered.rerender : unchanged;
  const fresh = rerender(row);
  const late = tooLate(deps, withoutProvisionalTime(deps, fresh));
  if (late) return settled(holdEntry(deps, fresh, late, invocation));
  const stamped = await reserveQuota(deps, fresh, invocation);
  if (!stamped) return 'settled'; // deferred by a limit of its feed
  const checked = await checkMedium(deps, fresh, stamped, invocation);
  if ('note' in checked) {
    const { note } = checked;
    const prepared = {
      post: stamped,
      rerender: note === null ? rerender : (one: EntryRow) => note(rerender(one)),
    };
    return (await take(deps, worker, fresh, prepared, invocation)) ?? 'taken';
  }
  return checked.kind === 'no-turn' ? 'settled' : settled(holdUnusable(deps, fresh, checked, invocation));
};

/** Released by hand, or queued before its feed had a hook. */
const asksHookFirst = ({ config }: CreateDraftDeps, row: EntryRow): boolean =>
  row.enriched === null && hookOf(config, row) !== null;

const settled = async (work: Promise<unknown>): Promise<'settled'> => {
  await work;
  return 'settled';
};

const sendAndRecord = async (
  deps: CreateDraftDeps,
  worker: Worker,
  known: Known,
  claimed: Claimed,
  { probe }: WakeUp,
  invocation: Invocation,
): Promise<void> => {
  known.row = claimed;
  const outcome = await sendAndSettle(deps, worker, known, claimed, invocation);
  await worker.record(claimed, outcome, probe, invocation);
};

/** Renews nothing. */
const unchanged: Rerender = (row) => row;

const sendAndSettle = async (
  deps: CreateDraftDeps,
  worker: Worker,
  known: Known,
  claimed: Claimed,
  invocation: Invocation,
): Promise<CreateOutcome> => {
  const canStillSend = () => deps.clock() + mustRemainMs <= claimed.leaseUntil && !tooLate(deps, claimed);
  const outcome = await send(deps, claimed, canStillSend);
  known.hasOutcome = true;
  const settlement = settlementOf(deps, claimed, outcome);
  try {
    if ('rate' in outcome) deps.updateRate(outcome.rate);
    if (!mayExist(outcome)) await releaseQuota(deps, claimed);
  } finally {
    await settle(deps, worker, settlement, invocation);
  }
  return outcome;
};

const settle = async (
  deps: CreateDraftDeps,
  { unwritten }: Worker,
  settlement: Settlement,
  invocation: Invocation,
) => {
  try {
    await settleDraft(deps, settlement, invocation);
  } catch (error) {
    unwritten.add(settlement);
    const { claimed, outcome } = settlement;
    const { key, feed, brand } = claimed;
    const postId = outcome.kind === 'created' ? outcome.postId : null;
    const message = error instanceof Error ? error.message : String(error);
    invocation.report({ event: 'draft.unwritten', key, feed, brand, outcome: outcome.kind, postId, message });
    throw error;
  }
};

/** The alert is raised first: if a worker dies in between, the next one holds the row. */
const holdExcess = async (deps: CreateDraftDeps, row: EntryRow, verdict: Verdict, invocation: Invocation) => {
  await raiseAlert(deps, notAsConfigured(row, { at: deps.clock(), ...verdict }));
  await holdEntry(deps, row, verdict, invocation);
};

/** Its quota is released first: if a worker dies in between, the next one checks the row again. */
const holdUnusable = async (
  deps: CreateDraftDeps,
  row: EntryRow,
  { detail }: { detail: string },
  invocation: Invocation,
) => {
  await releaseQuota(deps, { ...row, attempts: row.attempts + 1 });
  await holdEntry(deps, row, { code: 'media.unusable', detail }, invocation);
};

/** Our own errors in the client are thrown before anything is sent. */
const send = async (
  deps: CreateDraftDeps,
  { post }: Claimed,
  canStillSend: () => boolean,
): Promise<CreateOutcome> => {
  try {
    return await deps.dash.create(post, { canStillSend });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const problem = error.kind === 'config' ? tokenProblemOf(error.code) : null;
    if (problem) return { kind: 'unauthorized', problem, rate: null };
    return { kind: 'not-created', code: error.code, message: error.message, rate: null };
  }
};

const tooLate = ({ config, clock }: CreateDraftDeps, row: EntryRow) =>
  tooLateToSend(row, staleAfterOf(config.webhooks, row.feed), clock());

/** A time that is decided now has not passed, whatever provisional time the row has. */
const withoutProvisionalTime = ({ config }: CreateDraftDeps, row: EntryRow): EntryRow => {
  const owner = hasOwnTime(row) ? undefined : rowOwners(config).find(({ id }) => id === row.feed);
  return owner && row.post && isTimedWhenSent(owner) ? { ...row, post: withoutTimestamp(row.post) } : row;
};

/**
 * A draft is announced before it is made; the alert is sent once its row shows that it exists. A row that was edited
 * after its post was prepared is not claimed, and prepared again. A claim whose write failed may have taken effect, and nothing was sent under it: that outcome is known too.
 */
const take = async (
  deps: CreateDraftDeps,
  worker: Worker,
  row: EntryRow,
  { post, rerender }: { post: TikTokPost; rerender: Rerender },
  invocation: Invocation,
): Promise<Claimed | null> => {
  if (deps.announces) await raiseAlert(deps, draftMade(row, deps.clock()));
  const [claimId, at] = [deps.newId(), deps.clock()];
  const claiming: Transition = (current) =>
    sameEdits(current, row) ? claim(claimId, at, post)(rerender(current)) : null;
  try {
    return (await changeRow(deps, row.key, claiming, row)) as Claimed | null;
  } catch (error) {
    const mine = claiming(row) as Claimed | null;
    if (mine && error instanceof AppError && error.kind !== 'permanent')
      await settle(deps, worker, settlementOf(deps, mine, { kind: 'not-sent' }), invocation);
    throw error;
  }
};

/**
 * Whether the post counts against its feed's limits. A withheld post counts too, so that a stage shows what would
 * happen.
 */
const mayExist = ({ kind }: CreateOutcome) =>
  kind === 'created' || kind === 'uncertain' || kind === 'withheld';
