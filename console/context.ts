import { reasonText } from '../cli/format-delivery.ts';
import { type Page, pageFor } from '../cli/page.ts';
import type { Target } from '../cli/target.ts';
import { feedNamed } from '../cli/verb.ts';
import type { Role } from '../lib/core/access/role.ts';
import { isOpen } from '../lib/core/circuit/circuit-breaker.ts';
import type { Config, FeedConfig } from '../lib/core/config/config.ts';
import { needingYou } from '../lib/core/operator/health.ts';
import type { Problem } from '../lib/core/operator/problem.ts';
import type { Clock, FetchFeed, ReadsFeeds } from '../lib/core/ports.ts';
import { problemsOf } from '../lib/jobs/operator/problems-of.ts';
import { type Health, nobodyWaits, readHealth } from '../lib/jobs/operator/read-health.ts';
import type { Notices } from './notices.ts';
import type { ReadPolls } from './read-polls.ts';

/** Everything the pages are rendered from. */
export type ConsoleContext = ReadsFeeds & {
  target: Target;
  /** The person who acts here, as entry histories name them. */
  by: string;
  clock: Clock;
  fetchFeed: FetchFeed;
  /** Null where single polls are not recorded. */
  readPolls: ReadPolls | null;
  /** Who signed in, and what they may do; null: the user of this machine, who may do everything. */
  visitor: Visitor | null;
  /** In every form of these pages, and nowhere else. */
  token: string;
  notices: Notices;
  attention: Attention;
  /** How often a page refreshes, in milliseconds. */
  everyMs: number;
  /** Receives the path of every form that is acted on. */
  onAction: (path: string) => void;
  /** Receives unexpected errors. */
  onError: (error: unknown) => void;
};

export type Visitor = { shown: string; role: Role };

/** What every page shows: whether posting is on, and how much needs attention. */
export type Frame = {
  config: Config;
  status: Pick<Health, 'at' | 'lastTick' | 'circuits'>;
  /** What keeps everything from being polled or sent; on pages with a snapshot, all that needs attention. */
  problems: Problem[];
  /** How many problems needed a person when they were last read; `isOld`: more than a minute ago, or before a decision. */
  attention: { count: number; isOld: boolean };
  words: Page;
};

/** Everything that needs attention, worst first, with the feeds that fail. */
export type Snapshot = Frame & { status: Health };

/** How many problems that need a person were found last, and when, in epoch milliseconds. */
type Attention = { latest: { count: number; at: number } | null };

const attentionLastsMs = 60_000;

const wordsOf = (config: Config, at: number): Page =>
  pageFor({ columns: null, color: false, clock: () => at }, () => config.timezone);

const problemsNow = ({ target }: ConsoleContext, config: Config, status: Health): Problem[] =>
  problemsOf(status, { ...target, timezone: config.timezone, deliveryReason: reasonText });

/** Reads what every page shows, in two requests. */
export const readFrame = async (context: ConsoleContext): Promise<Frame> => {
  const { target, clock, attention } = context;
  const config = target.config();
  const [tick, circuits] = await Promise.all([target.feedStore.tick(), target.circuits.rows()]);
  const at = clock();
  const lastTick = tick?.lastTick ?? null;
  const status = { ...nothingRead, at, lastTick, circuits: circuits.filter((row) => isOpen(row, at)) };
  const { latest } = attention;
  return {
    config,
    status,
    problems: problemsNow(context, config, status),
    attention: { count: latest?.count ?? 0, isOld: latest === null || at - latest.at >= attentionLastsMs },
    words: wordsOf(config, at),
  };
};

const nothingRead: Omit<Health, 'at' | 'lastTick' | 'circuits'> = {
  feeds: [],
  hostBackOffs: [],
  webhooks: [],
  needsAttention: 0,
  undecided: nobodyWaits,
  batches: [],
  alerts: [],
  queues: null,
};

/** Reads what needs attention. */
export const readSnapshot = async (context: ConsoleContext): Promise<Snapshot> => {
  const { target, clock } = context;
  const config = target.config();
  const status = await readHealth({ ...target, config, clock });
  const problems = problemsNow(context, config, status);
  const attention = needingYou(problems).length;
  context.attention.latest = { count: attention, at: status.at };
  return {
    config,
    status,
    problems,
    attention: { count: attention, isOld: false },
    words: wordsOf(config, status.at),
  };
};

/** Throws permanent `feed.unknown`. */
export const feedIn = ({ config }: Pick<Frame, 'config'>, id: string): FeedConfig =>
  feedNamed(config.feeds, id);
