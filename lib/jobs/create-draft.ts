import type { Config } from '../core/config.ts';
import { AppError } from '../core/errors.ts';
import { brandScope, type Closing, doorOf, type GateScope, letsThrough } from '../core/gate.ts';
import { staleAfterOf, tooLateToSend } from '../core/go-public.ts';
import { claim, giveBack, hold, settleCreated, settleRejected, settleUncertain } from '../core/life.ts';
import type {
  Call,
  Clock,
  CreateOutcome,
  DashSocial,
  GateStore,
  LearnRate,
  Ledger,
  ListRecentPosts,
  TakeTurn,
  WakeUp,
} from '../core/ports.ts';
import type { EntryRow } from '../core/row.ts';
import { rowOwners } from '../core/row-owners.ts';
import type { TikTokPost } from '../core/tiktok-post.ts';
import { backOffMs, mustRemainMs } from '../core/timing.ts';
import { changeRow } from './change-row.ts';
import { closeGate, openGate } from './close-gate.ts';
import { lookUp, rememberPost } from './look-up.ts';

export type DraftNeeds = {
  config: Pick<Config, 'feeds' | 'webhooks'>;
  ledger: Pick<Ledger, 'read' | 'insert' | 'replace'>;
  gate: GateStore;
  /** Fetches the token, so that nothing slow stands between a claim and its POST. Throws config errors. */
  readyToken: () => Promise<void>;
  takeTurn: TakeTurn;
  learnRate: LearnRate;
  dash: Pick<DashSocial, 'create'>;
  listRecentPosts: ListRecentPosts;
  clock: Clock;
  random: () => number;
  newId: () => string;
};

/** What one worker remembers between messages: an outage shows in its answers. */
type Memory = { failuresInARow: number };

type Claimed = EntryRow & { claimId: string; leaseUntil: number; post: TikTokPost };

const outageAfter = 3;

/** Posts one queued row, once. Safe to call any number of times, concurrently, with stale messages. */
export const createDraft = (services: DraftNeeds) => {
  const memory: Memory = { failuresInARow: 0 };
  return async (wakeUp: WakeUp, call: Call): Promise<void> => {
    const row = await awake(services, wakeUp, call);
    if (!row) return; // nothing to do now; the sweep wakes it again
    if (!(await tokenIsReady(services, call))) return;
    if (!(await services.takeTurn(call))) return;
    if (row.state === 'uncertain') return lookUp(services)(row, call);
    const late = tooLate(services, row);
    if (late) return setAside(services, row, late, call);
    const claimed = await take(services, row);
    if (!claimed) return; // somebody else's by now

    const mayLeave = () =>
      services.clock() + mustRemainMs <= claimed.leaseUntil && !tooLate(services, claimed);
    const outcome = await send(services, claimed, mayLeave);
    if (outcome.kind !== 'not-sent') services.learnRate(outcome.rate);
    await settle(services, claimed, outcome, call);
    await decideOnGate(services, memory, claimed, outcome, wakeUp, call);
  };
};

/**
 * What the client throws as ours it throws before anything was sent. Anything else is a bug of ours, at a moment when
 * the request may have left: the row says so before the message fails, so that it is not tried for ever.
 */
const send = async (
  services: DraftNeeds,
  { key, claimId, post }: Claimed,
  mayLeave: () => boolean,
): Promise<CreateOutcome> => {
  try {
    return await services.dash.create(post, { mayLeave });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof AppError && error.kind === 'config') return { kind: 'unauthorized', rate: null };
    if (error instanceof AppError) return { kind: 'not-created', code: error.code, message, rate: null };
    const unexpected = settleUncertain(claimId, services.clock(), 'draft.unexpected', message);
    await changeRow(services)(key, unexpected);
    throw error;
  }
};

/** Queued, or of unknown outcome and to be looked up; a row that waits for a person has nothing to wake it. */
const isDue = ({ state, wakeAt, dueAt }: EntryRow, now: number) =>
  (state === 'queued' || (state === 'uncertain' && wakeAt !== null)) && dueAt <= now;

const awake = async (services: DraftNeeds, { key, probe }: WakeUp, call: Call): Promise<EntryRow | null> => {
  const row = await services.ledger.read(key);
  if (row?.type !== 'entry' || !isDue(row, services.clock())) return null;
  const owner = rowOwners(services.config).find(({ id }) => id === row.feed);
  if (!owner) {
    await setAside(services, row, ownerIsGone(row), call);
    return null;
  }
  const door = doorOf(await services.gate.rows(), row, services.clock());
  return !owner.paused && letsThrough(door, probe) ? row : null;
};

const ownerIsGone = ({ feed }: EntryRow) => ({
  code: 'feed.removed',
  detail: `${feed} is no longer in feeds.yml`,
});

const tooLate = ({ config, clock }: DraftNeeds, row: EntryRow) =>
  tooLateToSend(row, staleAfterOf(config.webhooks, row.feed), clock());

type Reason = { code: string; detail?: string };

const setAside = async (
  services: DraftNeeds,
  row: EntryRow,
  { code, detail }: Reason,
  call: Call,
): Promise<void> => {
  const held = await changeRow(services)(row.key, hold(services.clock(), code, detail), row);
  if (held) call.report({ event: 'draft.held', key: row.key, feed: row.feed, brand: row.brand, code });
};

/** Without a token nothing can be sent by anybody: the door closes and no message fails. */
const tokenIsReady = async (services: DraftNeeds, call: Call): Promise<boolean> => {
  try {
    await services.readyToken();
    return true;
  } catch (error) {
    if (!(error instanceof AppError && error.kind === 'config')) throw error;
    await closeGate(services)({ scope: 'all', reason: 'unauthorized' }, call);
    return false;
  }
};

const take = async (services: DraftNeeds, row: EntryRow): Promise<Claimed | null> =>
  (await changeRow(services)(row.key, claim(services.newId(), services.clock()), row)) as Claimed | null;

/** Writes what became of the POST onto the row. */
const settle = async (
  services: DraftNeeds,
  claimed: Claimed,
  outcome: CreateOutcome,
  call: Call,
): Promise<void> => {
  const { key, feed, brand, claimId } = claimed;
  const at = services.clock();
  const change = changeRow(services);
  const about = { key, feed, brand };
  switch (outcome.kind) {
    case 'created':
      if (outcome.postId !== null && claimed.whenUncertain === 'look_up')
        await rememberPost(services)(outcome.postId, key);
      await change(key, settleCreated(claimId, outcome.postId, at), claimed);
      return call.report({ event: 'draft.created', ...about, postId: outcome.postId });
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

type Refused = Exclude<CreateOutcome, { kind: 'created' | 'rejected' | 'uncertain' }>;

/** Certainly not created: when the row is to be tried again. */
const backTo = ({ random }: DraftNeeds, row: EntryRow, outcome: Refused, at: number) => {
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

const closingFor = (outcome: CreateOutcome, brand: number, tooMany: boolean): Omit<Closing, 'at'> | null => {
  switch (outcome.kind) {
    case 'throttled':
      return { scope: 'all', reason: 'throttled', until: outcome.until };
    case 'unauthorized':
      return { scope: 'all', reason: 'unauthorized' };
    case 'forbidden':
      return { scope: brandScope(brand), reason: 'forbidden' };
    case 'uncertain':
    case 'not-created':
      return tooMany ? { scope: 'all', reason: 'outage' } : null;
    default:
      return null;
  }
};

/** A post that was taken or judged has passed every door; one that is refused to its brand has passed the door of all. */
const showsWayIsFree = ({ kind }: CreateOutcome, probe: string) =>
  kind === 'created' || kind === 'rejected' || (kind === 'forbidden' && probe === 'all');

/** Closes the door when the answer says that the next row would fare no better; opens it when the probe went through. */
const decideOnGate = async (
  services: DraftNeeds,
  memory: Memory,
  { brand }: Claimed,
  outcome: CreateOutcome,
  { probe }: WakeUp,
  call: Call,
): Promise<void> => {
  const failed = outcome.kind === 'uncertain' || outcome.kind === 'not-created';
  memory.failuresInARow = failed ? memory.failuresInARow + 1 : 0;
  const tooMany = memory.failuresInARow >= outageAfter || probe !== undefined;
  const closing = closingFor(outcome, brand, tooMany);
  if (closing) await closeGate(services)(closing, call);
  if (probe !== undefined && showsWayIsFree(outcome, probe))
    await openGate(services)(probe as GateScope, call);
};
