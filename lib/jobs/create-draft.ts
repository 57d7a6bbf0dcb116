import { draftMade } from '../core/alert.ts';
import type { Config } from '../core/config.ts';
import { AppError } from '../core/errors.ts';
import { doorOf, letsThrough } from '../core/gate.ts';
import { staleAfterOf, tooLateToSend } from '../core/go-public.ts';
import { claim, hold, settleUncertain } from '../core/life.ts';
import type {
  AlertStore,
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
import { rowOwners } from '../core/row-owners.ts';
import type { TikTokPost } from '../core/tiktok-post.ts';
import { mustRemainMs } from '../core/timing.ts';
import { changeRow } from './change-row.ts';
import { closeGate } from './close-gate.ts';
import { lookUp } from './look-up.ts';
import { mindGate } from './mind-gate.ts';
import { raiseAlert } from './raise-alert.ts';
import { type Claimed, settleDraft } from './settle-draft.ts';
import { givePlaceBack, takePlace } from './take-place.ts';

export type DraftNeeds = {
  config: Pick<Config, 'feeds' | 'webhooks'>;
  ledger: Pick<Ledger, 'read' | 'insert' | 'replace'>;
  gate: GateStore;
  places: PlaceStore;
  alerts: Pick<AlertStore, 'put'>;
  /** Each new draft is told of. */
  announces: boolean;
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

/** Posts one queued row, once. Safe to call any number of times, concurrently, with stale messages. */
export const createDraft = (services: DraftNeeds) => {
  const mind = mindGate(services);
  return async (wakeUp: WakeUp, call: Call): Promise<void> => {
    const row = await awake(services, wakeUp, call);
    if (!row) return; // nothing to do now; the sweep wakes it again
    if (!(await tokenIsReady(services, call))) return;
    if (!(await services.takeTurn(call))) return;
    if (row.state === 'uncertain') return lookUp(services)(row, call);
    const late = tooLate(services, row);
    if (late) return setAside(services, row, late, call);
    const post = await takePlace(services)(row, call);
    if (!post) return; // later, by a limit of its feed
    const claimed = await take(services, row, post);
    if (!claimed) return; // somebody else's by now

    const mayLeave = () =>
      services.clock() + mustRemainMs <= claimed.leaseUntil && !tooLate(services, claimed);
    const outcome = await send(services, claimed, mayLeave);
    if ('rate' in outcome) services.learnRate(outcome.rate);
    if (!mayExist(outcome)) await givePlaceBack(services)(claimed);
    await settleDraft(services)(claimed, outcome, call);
    await mind(claimed, outcome, wakeUp.probe, call);
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

/** A draft is announced before it is made: whoever tells of it waits for its row to say that it exists. */
const take = async (services: DraftNeeds, row: EntryRow, post: TikTokPost): Promise<Claimed | null> => {
  if (services.announces) await raiseAlert(services)(draftMade(row, services.clock()));
  const claiming = claim(services.newId(), services.clock(), post);
  return (await changeRow(services)(row.key, claiming, row)) as Claimed | null;
};

/** It counts against its feed's limits. What is only withheld does too, so that a stage shows what would happen. */
const mayExist = ({ kind }: CreateOutcome) =>
  kind === 'created' || kind === 'uncertain' || kind === 'withheld';
