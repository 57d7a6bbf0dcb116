import { reasonText } from '../cli/format-delivery.ts';
import { type Page, pageFor } from '../cli/page.ts';
import type { Target } from '../cli/target.ts';
import { feedNamed } from '../cli/verb.ts';
import type { Role } from '../lib/core/access/role.ts';
import type { Config, FeedConfig } from '../lib/core/config/config.ts';
import type { EntryRow, PointerRow } from '../lib/core/ledger/row.ts';
import type { Problem } from '../lib/core/operator/problem.ts';
import type { Clock, FetchFeed, ReadsFeeds } from '../lib/core/ports.ts';
import { problemsOf } from '../lib/jobs/operator/problems-of.ts';
import { readStatus, type Status } from '../lib/jobs/operator/read-status.ts';
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
  /** How often a page refreshes, in milliseconds. */
  everyMs: number;
  /** Receives the path of every form that is acted on. */
  onAction: (path: string) => void;
  /** Receives unexpected errors. */
  onError: (error: unknown) => void;
};

export type Visitor = { shown: string; role: Role };

/**
 * The state of everything at one moment, newest entries first; the whole ledger is read once. `recognized`: pointers
 * that record how an entry was recognized.
 */
export type Snapshot = {
  config: Config;
  rows: EntryRow[];
  recognized: PointerRow[];
  status: Status;
  /** What needs attention, the worst first. */
  problems: Problem[];
  words: Page;
};

export const readSnapshot = async ({ target, clock }: ConsoleContext): Promise<Snapshot> => {
  const config = target.config();
  const rows: EntryRow[] = [];
  const recognized: PointerRow[] = [];
  for await (const row of target.ledger.allRows()) {
    if (row.type === 'entry') rows.push(row);
    if (row.type === 'pointer' && row.recognized !== null) recognized.push(row);
  }
  const read = {
    async *all() {
      yield* rows;
    },
  };
  const status = await readStatus({ ...target, config, ledger: read, clock });
  const words = pageFor({ columns: null, color: false, clock: () => status.at }, () => config.timezone);
  const problems = problemsOf(status, {
    ...target,
    timezone: config.timezone,
    deliveryReason: reasonText,
  });
  return { config, rows: rows.sort(newestFirst), recognized, status, problems, words };
};

const newestFirst = (a: EntryRow, b: EntryRow) => b.seenAt - a.seenAt || (a.key < b.key ? 1 : -1);

/** Throws permanent `feed.unknown`. */
export const feedIn = ({ config }: Pick<Snapshot, 'config'>, id: string): FeedConfig =>
  feedNamed(config.feeds, id);
