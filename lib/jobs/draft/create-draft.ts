import { draftMade, notAsConfigured } from '../../core/alerts/alert.ts';
import { lanes } from '../../core/circuit/adaptive-concurrency.ts';
import { tokenTroubleOf } from '../../core/circuit/token-trouble.ts';
import type { Config } from '../../core/config/config.ts';
import { rowOwners } from '../../core/config/row-owners.ts';
import { mustRemainMs } from '../../core/dash/timing.ts';
import { AppError } from '../../core/errors.ts';
import { claim, type Renew, type Transition, type Verdict } from '../../core/ledger/entry-state.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import type {
  AcquireTurn,
  AlertStore,
  Call,
  Clock,
  CreateOutcome,
  DashSocial,
  GateStore,
  LatestDrafts,
  Ledger,
  ListRecentPosts,
  QuotaStore,
  UpdateRate,
  WakeUp,
} from '../../core/ports.ts';
import { exceedsPublish } from '../../core/posts/exceeds-publish.ts';
import { staleAfterOf, tooLateToSend } from '../../core/posts/go-public.ts';
import { isTimedWhenSent, withoutTimestamp } from '../../core/posts/stamp-post.ts';
import type { TikTokPost } from '../../core/posts/tiktok-post.ts';
import { raiseAlert } from '../alerts/raise-alert.ts';
import { changeRow } from '../change-row.ts';
import { holdEntry } from './hold-entry.ts';
import { lookUp } from './look-up.ts';
import { mayPass, tokenIsReady } from './may-pass.ts';
import { rowInTurn, wokenRow } from './oldest-due.ts';
import { recordOutcome } from './record-outcome.ts';
import { recordUnexpectedError } from './record-unexpected-error.ts';
import { renderAgain } from './render-again.ts';
import { givePlaceBack, reserveQuota } from './reserve-quota.ts';
import { type Claimed, type Settlement, settleDraft, settlementOf, writeSettlement } from './settle-draft.ts';

type DraftNeeds = {
  config: Pick<Config, 'feeds' | 'webhooks'>;
  ledger: Pick<Ledger, 'read' | 'insert' | 'replace' | 'keptEntry' | 'keepEntryUntil' | 'oldestQueued'>;
  gate: GateStore;
  places: QuotaStore;
  alerts: Pick<AlertStore, 'put'>;
  /** Each new draft is told of. */
  announces: boolean;
  /** Fetches the token, so that nothing slow stands between a claim and its POST. Throws config errors. */
  readyToken: () => Promise<void>;
  acquireTurn: AcquireTurn;
  updateRate: UpdateRate;
  dash: Pick<DashSocial, 'create'>;
  listRecentPosts: ListRecentPosts;
  latestDrafts: LatestDrafts;
  clock: Clock;
  random: () => number;
  newId: () => string;
  sleep: (ms: number) => Promise<void>;
};

/**
 * Posts one queued row, once: of the feed of the row that is named, the oldest that may go. Safe to call any number of
 * times, concurrently, in any order, with stale messages. A worker has a few rows at work at once, fewer the more
 * answers failed in a row, so that an outage makes no more of them uncertain. An outcome that could not be written is
 * kept in memory and written before the next row.
 */
export const createDraft = (services: DraftNeeds) => {
  const gate = recordOutcome(services);
  const inLane = lanes(gate.failureBudget);
  const worker: Worker = { mind: gate.mind, unwritten: new Set() };
  return (wakeUp: WakeUp, call: Call): Promise<void> => inLane(() => work(services, worker, wakeUp, call));
};

/** What a worker remembers from one message to the next. `unwritten`: known outcomes that no row shows yet. */
type Worker = { mind: ReturnType<typeof recordOutcome>['mind']; unwritten: Set<Settlement> };

/** A row as this attempt knows it: what it read, then what it wrote; and whether its POST's outcome is known. */
type Known = { row: EntryRow; isAnswered: boolean };

const work = async (services: DraftNeeds, worker: Worker, wakeUp: WakeUp, call: Call): Promise<void> => {
  await writeLeftovers(services, worker);
  const row = await wokenRow(services)(wakeUp);
  if (!row) return;
  const known: Known = { row, isAnswered: false };
  try {
    await post(services, worker, known, wakeUp, call);
  } catch (error) {
    // A known outcome is never overwritten by a failure after it; and of two errors the first says more.
    if (!known.isAnswered) await recordUnexpectedError(services)(error, known.row, call).catch(() => {});
    throw error;
  }
};

/** One try each: what still cannot be written waits for the next message. */
const writeLeftovers = async (services: DraftNeeds, { unwritten }: Worker): Promise<void> => {
  for (const settlement of [...unwritten]) {
    unwritten.delete(settlement); // no other row of this worker tries it meanwhile
    await writeSettlement(services)(settlement).catch((error: unknown) => {
      if (error instanceof AppError && error.kind !== 'permanent') unwritten.add(settlement);
    });
  }
};

const post = async (
  services: DraftNeeds,
  worker: Worker,
  known: Known,
  wakeUp: WakeUp,
  call: Call,
): Promise<void> => {
  const isFree = () => mayPass(services)(known.row, wakeUp.probe, call);
  if (!(await isFree())) return; // nothing to do now; the sweep wakes it again
  if (!(await tokenIsReady(services)(call))) return;
  if (!(await services.acquireTurn(call)) || !(await isFree())) return; // closed, perhaps, while it waited
  for (let race = 0; race < mostRaces; race++) {
    known.row = await rowInTurn(services)(known.row, wakeUp);
    const claimed = await prepare(services, worker, known.row, call);
    if (claimed === 'settled') return;
    if (claimed !== 'taken') return sendAndMind(services, worker, known, claimed, wakeUp, call);
    const next = await wokenRow(services)(wakeUp);
    if (!next) return;
    known.row = next;
  }
};

/** A second worker may be faster, at a feed of which many messages come at once. */
const mostRaces = 5;

/** A row under our claim; or `settled`, nothing is to be sent of it now; or `taken`, another worker sends it. */
const prepare = async (
  services: DraftNeeds,
  worker: Worker,
  row: EntryRow,
  call: Call,
): Promise<Claimed | 'settled' | 'taken'> => {
  if (row.state === 'uncertain') return settled(lookUp(services)(row, call));
  const excess = exceedsPublish(row, services.config);
  if (excess) return settled(holdExcess(services, row, excess, call));
  const rendered = await renderAgain(services)(row);
  if (rendered.kind === 'failed') return settled(holdEntry(services)(row, rendered, call));
  const renew = rendered.kind === 'again' ? rendered.renew : asItIs;
  const fresh = renew(row);
  const late = tooLate(services, withoutProvisionalTime(services, fresh));
  if (late) return settled(holdEntry(services)(fresh, late, call));
  const stamped = await reserveQuota(services)(fresh, call);
  if (!stamped) return 'settled'; // later, by a limit of its feed
  return (await take(services, worker, fresh, { post: stamped, renew }, call)) ?? 'taken';
};

const settled = async (work: Promise<unknown>): Promise<'settled'> => {
  await work;
  return 'settled';
};

const sendAndMind = async (
  services: DraftNeeds,
  worker: Worker,
  known: Known,
  claimed: Claimed,
  { probe }: WakeUp,
  call: Call,
): Promise<void> => {
  known.row = claimed;
  const outcome = await sendAndSettle(services, worker, known, claimed, call);
  await worker.mind(claimed, outcome, probe, call);
};

/** Nothing of it has changed. */
const asItIs: Renew = (row) => row;

const sendAndSettle = async (
  services: DraftNeeds,
  worker: Worker,
  known: Known,
  claimed: Claimed,
  call: Call,
): Promise<CreateOutcome> => {
  const mayLeave = () => services.clock() + mustRemainMs <= claimed.leaseUntil && !tooLate(services, claimed);
  const outcome = await send(services, claimed, mayLeave);
  known.isAnswered = true;
  const settlement = settlementOf(services, claimed, outcome);
  try {
    if ('rate' in outcome) services.updateRate(outcome.rate);
    if (!mayExist(outcome)) await givePlaceBack(services)(claimed);
  } finally {
    await settle(services, worker, settlement, call);
  }
  return outcome;
};

const settle = async (services: DraftNeeds, { unwritten }: Worker, settlement: Settlement, call: Call) => {
  try {
    await settleDraft(services)(settlement, call);
  } catch (error) {
    unwritten.add(settlement);
    const { claimed, outcome } = settlement;
    const { key, feed, brand } = claimed;
    const postId = outcome.kind === 'created' ? outcome.postId : null;
    const message = error instanceof Error ? error.message : String(error);
    call.report({ event: 'draft.unwritten', key, feed, brand, outcome: outcome.kind, postId, message });
    throw error;
  }
};

/** The alert is raised first: a worker that dies in between leaves a row that the next one holds. */
const holdExcess = async (services: DraftNeeds, row: EntryRow, verdict: Verdict, call: Call) => {
  await raiseAlert(services)(notAsConfigured(row, { at: services.clock(), ...verdict }));
  await holdEntry(services)(row, verdict, call);
};

/** What the client throws as ours it throws before anything was sent. */
const send = async (
  services: DraftNeeds,
  { post }: Claimed,
  mayLeave: () => boolean,
): Promise<CreateOutcome> => {
  try {
    return await services.dash.create(post, { mayLeave });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const trouble = error.kind === 'config' ? tokenTroubleOf(error.code) : null;
    if (trouble) return { kind: 'unauthorized', trouble, rate: null };
    return { kind: 'not-created', code: error.code, message: error.message, rate: null };
  }
};

const tooLate = ({ config, clock }: DraftNeeds, row: EntryRow) =>
  tooLateToSend(row, staleAfterOf(config.webhooks, row.feed), clock());

/** A time that is decided only now has not passed, whatever the row was given when it came. */
const withoutProvisionalTime = ({ config }: DraftNeeds, row: EntryRow): EntryRow => {
  const owner = rowOwners(config).find(({ id }) => id === row.feed);
  return owner && row.post && isTimedWhenSent(owner) ? { ...row, post: withoutTimestamp(row.post) } : row;
};

/**
 * A draft is announced before it is made: whoever tells of it waits for its row to say that it exists. A claim whose
 * write failed may be in all the same, and nothing was sent under it: that outcome is known too.
 */
const take = async (
  services: DraftNeeds,
  worker: Worker,
  row: EntryRow,
  { post, renew }: { post: TikTokPost; renew: Renew },
  call: Call,
): Promise<Claimed | null> => {
  if (services.announces) await raiseAlert(services)(draftMade(row, services.clock()));
  const [claimId, at] = [services.newId(), services.clock()];
  const claiming: Transition = (current) => claim(claimId, at, post)(renew(current));
  try {
    return (await changeRow(services)(row.key, claiming, row)) as Claimed | null;
  } catch (error) {
    const mine = claiming(row) as Claimed | null;
    if (mine && error instanceof AppError && error.kind !== 'permanent')
      await settle(services, worker, settlementOf(services, mine, { kind: 'not-sent' }), call);
    throw error;
  }
};

/** It counts against its feed's limits. What is only withheld does too, so that a stage shows what would happen. */
const mayExist = ({ kind }: CreateOutcome) =>
  kind === 'created' || kind === 'uncertain' || kind === 'withheld';
