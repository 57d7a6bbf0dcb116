import type { AlertKind } from '../alerts/alert-row.ts';
import type { CircuitRow } from '../circuit/circuit-row.ts';
import type { Where } from './cli-hints.ts';
import type { Problem } from './problem.ts';

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
    trouble: { message: string; since: number; lastAt: number; nextAt: number } | null;
  }[];
  /** `why`: the reason of the latest delivery, in words. */
  webhooks: readonly {
    id: string;
    latest: { outcome: string; since: number; at: number; times: number } | null;
    why: string;
  }[];
  alerts: readonly { id: string; kind: AlertKind; since: number; count: number | null; text: string }[];
  /** Entries outside batches that need your decision, by state. */
  waiting: Record<'held' | 'review' | 'rejected' | 'uncertain', { count: number; since: number | null }>;
  batches: readonly { id: string; feed: string; since: number; why: string; count: number }[];
  possibleDuplicates: number;
  queues: { feedsDeadLetters: number; draftsDeadLetters: number } | null;
};

/** A problem whose title is derived from its kind. */
export type Found = Omit<Problem, 'title' | 'level'> & Partial<Pick<Problem, 'level'>>;

/** The optional fields of a problem, empty. */
export const none = { since: null, lastTriedAt: null, nextAt: null, count: null, command: null };
