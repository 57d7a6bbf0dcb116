import { circuitFor } from '../circuit/circuit-breaker.ts';
import type { CircuitRow } from '../circuit/circuit-row.ts';
import { circuitReasonText, isTokenProblem } from '../circuit/token-problem.ts';
import type { Config } from '../config/config.ts';
import { rowOwners } from '../config/row-owners.ts';
import { lastReason } from '../ledger/history.ts';
import type { EntryRow, Moment } from '../ledger/row.ts';
import { stateSince } from '../ledger/state-since.ts';
import { scopeOption } from './cli-hints.ts';
import { scopeName } from './problem.ts';
import { endText, lastingOutage, resumes } from './stop-end.ts';

/**
 * Why an entry is not a draft yet, in one sentence, and when that changes without you. Times are epoch milliseconds.
 * `until` null: it needs you, or ends at no time that is known.
 */
type Wait = { why: string; since: number | null; until: number | null; remedy: string };

type Facts = {
  config: Pick<Config, 'feeds' | 'webhooks'>;
  circuits: readonly CircuitRow[];
  now: number;
};

/** Whether the target runs, and the command that starts it. */
type Run = { isRunning: boolean; start: string | null };

const automatic = 'Nothing to do: this resolves automatically.';
const atNextTick = 'Nothing to do: it is checked at the next tick.';
const byLookUp = 'Nothing to do: its draft is looked up.';
/** What only a running service does. */
const automatics: ReadonlySet<string> = new Set([automatic, atNextTick, byLookUp, resumes, lastingOutage]);

const stopText = (circuit: CircuitRow): string => {
  const { scope, reason, person } = circuit;
  const name = scopeName(scope);
  if (reason !== 'person') return `${name} is stopped: ${circuitReasonText(circuit)}.`;
  return `${name} is paused${person === undefined ? '' : ` by ${person}`}.`;
};

const stopRemedy = (circuit: CircuitRow, circuits: readonly CircuitRow[]): string => {
  const { scope, reason } = circuit;
  if (reason === 'person') return `Resume it: \`resume${scopeOption(scope)}\`.`;
  if (reason === 'forbidden')
    return 'Ask Dash Social to let the token post to this brand, or correct brand_id in feeds.yml; `dash brands` lists the brands.';
  return isTokenProblem(reason) ? 'Store a valid token.' : endText(circuit, { circuits, isWorking: true });
};

/** Reports a pause before an automatic stop, because only you can end it. */
const circuitWait = (row: EntryRow, { circuits, now }: Facts): Wait | null => {
  const { person, machine } = circuitFor([...circuits], row, now);
  const scopes = ['all', `brand/${row.brand}`, `feed/${row.feed}`];
  const paused = person
    ? circuits.find(({ by, scope }) => by === 'person' && scopes.includes(scope))
    : undefined;
  const stop = paused ?? machine[0];
  if (!stop) return null;
  return {
    why: stopText(stop),
    since: stop.openedAt,
    until: stop.openUntil,
    remedy: stopRemedy(stop, circuits),
  };
};

const configWait = (row: EntryRow, { config }: Facts): Wait | null => {
  const owner = rowOwners(config).find(({ id }) => id === row.feed);
  if (!owner)
    return {
      why: `Feed ${row.feed} is not in feeds.yml, so it will be held.`,
      since: null,
      until: null,
      remedy: 'Add the feed again, or dismiss the entry.',
    };
  if (!owner.paused) return null;
  return {
    why: `Feed ${row.feed} is paused in feeds.yml.`,
    since: null,
    until: null,
    remedy: 'Remove `paused: true` from it.',
  };
};

const laterTexts: Readonly<Record<string, string>> = {
  'limit.per-day': 'Its feed has reached its daily limit.',
  'limit.per-hour': 'Its feed has reached its hourly limit.',
  'limit.quiet': 'It is quiet hours for its feed.',
  'limit.slots': 'Its feed has no free slot yet.',
  'dash.throttled': 'The rate limit of Dash Social was reached.',
  'draft.lease-ran-out': 'The worker that was sending it stopped, so it is sent again.',
  'look-up.absent': 'Its draft is not in Dash Social, so it is sent again.',
};

const laterText = ({ code, detail }: Pick<Moment, 'code' | 'detail'>, attempts: number): string => {
  const known = laterTexts[code];
  if (known) return known;
  if (code.startsWith('dash.') || code.startsWith('draft.'))
    return `The last attempt failed${detail ? `: ${detail}` : ''}${attempts > 1 ? ` (attempt ${attempts})` : ''}.`;
  return 'It is not due yet.';
};

const queuedWait = (row: EntryRow, { now }: Facts): Wait => {
  const last = lastReason(row);
  if (row.dueAt > now)
    return {
      why: laterText(last ?? { code: '' }, row.failures),
      since: last?.at ?? row.seenAt,
      until: row.dueAt,
      remedy: automatic,
    };
  const since = Math.max(row.dueAt, last?.at ?? row.seenAt);
  return { why: 'It is due, and is sent in turn.', since, until: row.wakeAt, remedy: automatic };
};

const enrichingWait = (row: EntryRow, { now }: Facts): Wait => {
  const tries = row.asking?.tries ?? 0;
  const later = row.dueAt > now ? row.dueAt : null;
  const why =
    tries === 0 ? 'Its hook is asked first.' : `Its hook is asked first: ${tries} of 3 tries so far.`;
  return { why, since: stateSince(row), until: later, remedy: automatic };
};

const draftingWait = (row: EntryRow, now: number): Wait => {
  const { leaseUntil } = row;
  const since = stateSince(row);
  if (leaseUntil === null || leaseUntil >= now)
    return { why: 'It is being sent to Dash Social.', since, until: leaseUntil, remedy: automatic };
  return {
    why: 'The worker that was sending it stopped; its draft may exist.',
    since,
    until: now,
    remedy: atNextTick,
  };
};

const uncertainWait = (row: EntryRow): Wait => {
  const { wakeAt } = row;
  const since = stateSince(row);
  const why = 'Its outcome is unknown: its draft may or may not exist in Dash Social.';
  return wakeAt === null
    ? { why, since, until: null, remedy: 'Look in Dash Social, then confirm or retry it.' }
    : { why, since, until: wakeAt, remedy: byLookUp };
};

/** What is paused or stopped, so that a queued row is not sent; null if nothing is. */
export const stopOf = (row: EntryRow, facts: Facts): Wait | null =>
  configWait(row, facts) ?? circuitWait(row, facts);

/** Nothing happens until the service is started, whatever else the row waits for. */
const untilStarted = ({ state }: EntryRow, wait: Wait, start: string | null): Wait => {
  const why = state === 'drafting' ? 'It was being sent; its draft may exist.' : wait.why;
  const startIt = start === null ? 'Start the service.' : `Start it: ${start}`;
  const isAutomatic = automatics.has(wait.remedy);
  return {
    why: `Not running, so no feed is polled and nothing is sent. ${why}`,
    since: wait.since,
    until: null,
    remedy: isAutomatic ? startIt : `${wait.remedy} ${startIt}`,
  };
};

/** Why a row waits now, and until when; null for one that waits for nothing but a decision, or is done. */
export const waitOf = (row: EntryRow, { isRunning, start, ...facts }: Facts & Run): Wait | null => {
  const wait = waitWhileRunning(row, facts);
  return wait === null || isRunning ? wait : untilStarted(row, wait, start);
};

const waitWhileRunning = (row: EntryRow, facts: Facts): Wait | null => {
  switch (row.state) {
    case 'queued':
      return stopOf(row, facts) ?? queuedWait(row, facts);
    case 'enriching':
      return configWait(row, facts) ?? enrichingWait(row, facts);
    case 'drafting':
      return draftingWait(row, facts.now);
    case 'uncertain':
      return uncertainWait(row);
    default:
      return null;
  }
};
