import { isTokenProblem } from '../lib/core/circuit/token-problem.ts';
import type { AppEvent } from '../lib/core/events.ts';
import { type State, states } from '../lib/core/ledger/row.ts';
import type { Clock, Ledger } from '../lib/core/ports.ts';
import { readLogLine } from './log-line.ts';
import { draftLine, failureLine, faultLine, newsLines } from './messages.ts';
import type { Fault } from './pump.ts';
import { type DraftResult, type LedgerSums, type RunResult, recordPolls } from './run-record.ts';

/** Follows a run through its functions' log: prints events line by line, and returns the result at the end. */
export type Following = {
  onLog: (line: string) => void;
  onFault: (fault: Fault) => void;
  /** Feeds without any poll event yet. */
  missing: () => string[];
  /** The result so far, once all events have been printed. */
  result: () => Promise<RunResult>;
  /** Whether something failed that needs attention; a feed that cannot be read does not count. */
  failed: () => boolean;
};

/** Prints a line; `bad`: it needs attention. */
export type Print = (line: string, bad?: boolean) => void;

/** `print` receives lines in the order of events. */
export function follow(
  feeds: string[],
  { ledger, timezone, clock }: { ledger: Ledger; timezone: string; clock: Clock },
  print: Print,
): Following {
  const newsLine = newsLines(timezone, clock);
  const polls = recordPolls(feeds);
  const drafts: DraftResult[] = [];
  let failed = false;
  let printed: Promise<void> = Promise.resolve();

  const showDraft = async ({ key, postId }: { key: string; postId: number | null }) => {
    const draft = await readDraft(ledger, key, postId);
    if (!draft) return;
    drafts.push(draft);
    print(draftLine(draft));
  };
  const hear = (news: AppEvent) => {
    polls.hear(news);
    const bad = needsPerson(news);
    failed ||= bad;
    if (news.event === 'draft.created') printed = printed.then(() => showDraft(news));
    const line = newsLine(news);
    if (line !== null) printed = printed.then(() => print(line, bad));
  };

  return {
    onLog: (text) => {
      const heard = readLogLine(text);
      if (heard && 'news' in heard) hear(heard.news);
      if (!heard || 'news' in heard) return;
      failed = true;
      print(failureLine(heard.failure), true);
    },
    onFault: (fault) => {
      failed = true;
      print(faultLine(fault), true);
    },
    missing: polls.missing,
    result: async () => {
      await printed;
      return { feeds: polls.results(), drafts, ledger: await sumsOf(ledger) };
    },
    failed: () => failed,
  };
}

const needsPerson = (news: AppEvent): boolean =>
  news.event === 'poll.count-mismatch' ||
  news.event === 'row.corrupt' ||
  (news.event === 'circuit.opened' && (isTokenProblem(news.reason) || news.reason === 'forbidden'));

/** `postId`: as reported, which is before the row has it. */
async function readDraft(ledger: Ledger, key: string, postId: number | null): Promise<DraftResult | null> {
  const row = await ledger.read(key);
  if (row?.type !== 'entry' || row.post === null) return null;
  return { feed: row.feed, entry: key, postId, post: row.post };
}

/** The number of rows in each state. */
export async function sumsOf(ledger: Ledger): Promise<LedgerSums> {
  const counts = new Map<State, number>(states.map((state) => [state, 0]));
  for await (const { state } of ledger.all()) counts.set(state, (counts.get(state) ?? 0) + 1);
  return Object.fromEntries([...counts].filter(([, count]) => count > 0));
}
