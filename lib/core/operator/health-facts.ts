import type { AlertKind } from '../alerts/alert-row.ts';
import type { CircuitRow } from '../circuit/circuit-row.ts';
import type { DeliveryNote } from '../webhooks/deliveries-row.ts';
import type { Where } from './cli-hints.ts';
import type { Problem, ProblemEntry } from './problem.ts';

/** Everything from which problems are derived. */
export type HealthFacts = {
  now: number;
  where: Where;
  isRunning: boolean;
  /** What starts the work, where a command does. */
  start: string | null;
  lastTick: number | null;
  /** Those that are open. */
  circuits: readonly CircuitRow[];
  feeds: readonly {
    id: string;
    health: string;
    trouble: {
      message: string;
      since: number;
      failures: number;
      lastAt: number;
      nextAt: number | null;
    } | null;
  }[];
  /** `refused`: deliveries that were refused or failed, if that is a problem. `why`: the latest reason, in words. */
  webhooks: readonly {
    id: string;
    secretNames: readonly string[];
    refused: Pick<DeliveryNote, 'outcome' | 'since' | 'at' | 'times'> | null;
    why: string;
  }[];
  alerts: readonly { id: string; kind: AlertKind; since: number; count: number | null; text: string }[];
  /** Entries outside batches that need your decision, with the first of them. */
  waiting: Record<Undecided, { count: number; since: number | null; entries: readonly ProblemEntry[] }>;
  batches: readonly { id: string; feed: string; since: number; why: string; count: number }[];
  queues: { feedsDeadLetters: number; draftsDeadLetters: number } | null;
};

/** Why entries need your decision: their state, or what is special about them. */
export type Undecided =
  | 'notAsConfigured'
  | 'held'
  | 'review'
  | 'rejected'
  | 'uncertain'
  | 'duplicate'
  | 'changed';

/** A problem whose title is derived from its kind. */
export type Found = Omit<Problem, 'title' | 'level' | 'group'> & Partial<Pick<Problem, 'level' | 'group'>>;

/** The optional fields of a problem, empty. */
export const none = {
  since: null,
  lastTriedAt: null,
  nextAt: null,
  count: null,
  command: null,
  entries: [],
};
