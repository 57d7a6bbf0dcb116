import { runCli } from '../../cli/program.ts';
import type { Target } from '../../cli/target.ts';
import type { Terminal } from '../../cli/terminal.ts';
import type { Config } from '../../lib/core/config/config.ts';
import { feedOf } from './entries.ts';
import { type FakeStores, fakeLatestDrafts, fakeStores } from './fake-stores.ts';

/** The user at the terminal: what they see, answer and pipe in. */
export type Sitting = {
  columns?: number;
  color?: boolean;
  answer?: string;
  /** Answers to consecutive questions. */
  answers?: string[];
  input?: string;
  clock?: () => number;
  ended?: Promise<never>;
  untilQuit?: (heard: string) => Promise<void>;
  /** Called while the command waits. */
  pause?: (ms: number) => Promise<unknown>;
};

export type Ran = { code: number; out: string; err: string };

/** A terminal that records its output. */
export const fakeTerminal = (sitting: Sitting = {}): Terminal & { heard: { out: string; err: string } } => {
  const heard = { out: '', err: '' };
  return {
    heard,
    write: (text) => {
      heard.out += text;
    },
    writeError: (text) => {
      heard.err += text;
    },
    columns: sitting.columns ?? null,
    color: sitting.color ?? false,
    ask: async () => sitting.answers?.shift() ?? sitting.answer ?? null,
    readInput: async () => sitting.input ?? '',
    isPipedIn: sitting.input !== undefined,
    showProgress: null,
    env: { USER: 'ada' },
    clock: sitting.clock ?? (() => 10_000),
    ended: sitting.ended ?? new Promise(() => {}),
    untilQuit: async () => sitting.untilQuit?.(heard.out),
    pause: sitting.pause ?? (async () => {}),
  };
};

/** Runs command lines on a target. */
export const cliOver =
  (target: Target) =>
  async (line: string, sitting: Sitting = {}): Promise<Ran> => {
    const terminal = fakeTerminal(sitting);
    const code = await runCli(line.split(' ').filter(Boolean), terminal, async () => target);
    return { code, ...terminal.heard };
  };

export const configOf = (feeds = [feedOf()]): Config => ({
  timezone: 'UTC',
  dash: { lookUp: true, ratePerMinute: 1_000 },
  feeds,
  webhooks: [],
});

export type FakeTarget = Target & { stores: FakeStores; closed: number };

/** A target with in-memory stores. */
export const fakeTarget = (given: Partial<Target> = {}): FakeTarget => {
  const stores = fakeStores();
  const target: FakeTarget = {
    stores,
    closed: 0,
    name: 'here',
    where: {},
    start: 'npm start',
    isRunning: true,
    config: () => configOf(),
    ledger: stores.ledger,
    feedStore: stores.feeds,
    circuits: stores.circuits,
    quotas: stores.quotas,
    latestDrafts: fakeLatestDrafts(),
    activities: stores.activities,
    alerts: stores.alerts,
    deliveries: stores.deliveries,
    sendWakeUps: stores.queues.sendWakeUps,
    sendFeeds: stores.queues.sendFeeds,
    events: null,
    queueDepths: async () => ({
      feeds: stores.queues.feeds.length,
      feedsDeadLetters: 0,
      drafts: stores.queues.wakeUps.length,
      draftsDeadLetters: 0,
    }),
    vault: null,
    dashUrl: null,
    libraryUrl: null,
    site: null,
    close: async () => {
      target.closed += 1;
    },
    ...given,
  };
  return target;
};
