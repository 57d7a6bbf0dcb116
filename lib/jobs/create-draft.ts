import type { Config } from '../core/config.ts';
import { AppError } from '../core/errors.ts';
import { brandScope, type Closing, doorOf, type GateScope, letsThrough } from '../core/gate.ts';
import {
  claim,
  giveBack,
  hold,
  settleCreated,
  settleRejected,
  settleUncertain,
  settleWithheld,
} from '../core/life.ts';
import type {
  Call,
  Clock,
  CreateOutcome,
  DashSocial,
  GateStore,
  LearnRate,
  Ledger,
  ListRecentPosts,
  PlaceStore,
  TakeTurn,
  WakeUp,
} from '../core/ports.ts';
import type { EntryRow } from '../core/row.ts';
import type { TikTokPost } from '../core/tiktok-post.ts';
import { backOffMs, mustRemainMs } from '../core/timing.ts';
import { changeRow } from './change-row.ts';
import { closeGate, openGate } from './close-gate.ts';
import { lookUp, rememberPost } from './look-up.ts';
import { givePlaceBack, takePlace } from './take-place.ts';

export type DraftNeeds = {
  config: Pick<Config, 'feeds'>;
  ledger: Pick<Ledger, 'read' | 'insert' | 'replace'>;
  gate: GateStore;
  places: PlaceStore;
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
    const post = await takePlace(services)(row, call);
    if (!post) return; // later, by a limit of its feed
    const claimed = await take(services, row, post);
    if (!claimed) return; // somebody else's by now

    const mayLeave = () => services.clock() + mustRemainMs <= claimed.leaseUntil;
    const outcome = await services.dash.create(claimed.post, { mayLeave });
    if ('rate' in outcome) services.learnRate(outcome.rate);
    if (!mayExist(outcome)) await givePlaceBack(services)(claimed);
    await settle(services, claimed, outcome, call);
    await decideOnGate(services, memory, claimed, outcome, wakeUp, call);
  };
};

/** Queued, or of unknown outcome and to be looked up; a row that waits for a person has nothing to wake it. */
const isDue = ({ state, wakeAt, dueAt }: EntryRow, now: number) =>
  (state === 'queued' || (state === 'uncertain' && wakeAt !== null)) && dueAt <= now;

const awake = async (services: DraftNeeds, { key, probe }: WakeUp, call: Call): Promise<EntryRow | null> => {
  const row = await services.ledger.read(key);
  if (row?.type !== 'entry' || !isDue(row, services.clock())) return null;
  const feed = services.config.feeds.find(({ id }) => id === row.feed);
  if (!feed) {
    await setAside(services, row, call);
    return null;
  }
  const door = doorOf(await services.gate.rows(), row, services.clock());
  return !feed.paused && letsThrough(door, probe) ? row : null;
};

const setAside = async (services: DraftNeeds, row: EntryRow, call: Call): Promise<void> => {
  const code = 'feed.removed';
  const held = await changeRow(services)(
    row.key,
    hold(services.clock(), code, `${row.feed} is no longer in feeds.yml`),
    row,
  );
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

const take = async (services: DraftNeeds, row: EntryRow, post: TikTokPost): Promise<Claimed | null> =>
  (await changeRow(services)(
    row.key,
    claim(services.newId(), services.clock(), post),
    row,
  )) as Claimed | null;

/** It counts against its feed's limits. What is only withheld does too, so that a stage shows what would happen. */
const mayExist = ({ kind }: CreateOutcome) =>
  kind === 'created' || kind === 'uncertain' || kind === 'withheld';

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

type Refused = Exclude<CreateOutcome, { kind: 'created' | 'withheld' | 'rejected' | 'uncertain' }>;

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
