import type { Config } from '../../core/config/config.ts';
import { withoutHooks } from '../../core/enrich/has-hooks.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import type { DryRunStores } from '../../core/operator/dry-run-stores.ts';
import type { Invocation } from '../../core/ports.ts';
import type { TikTokPost } from '../../core/posts/tiktok-post.ts';
import { createDraft } from '../draft/create-draft.ts';

type Deps = Pick<DryRunStores, 'ledger' | 'circuits' | 'quotas'> & {
  config: Pick<Config, 'feeds' | 'webhooks'>;
};

/** The result of sending a row: the exact post, or null, and the row afterwards. */
export type SimulatedDraft = { at: number; post: TikTokPost | null; row: EntryRow | null };

/** Leaves no time for a second try: a failing dry-run store is reported at once. */
const quiet: Invocation = { remainingMs: () => 0, report: () => {} };

/**
 * Simulates the sending of a row with the real job on dry-run stores, at a time in epoch milliseconds. Nothing is
 * posted, no hook is asked, and no token is read.
 */
export const simulateDraft = async (
  deps: Deps,
  { key, brand }: Pick<EntryRow, 'key' | 'brand'>,
  at: number,
): Promise<SimulatedDraft> => {
  let sent: TikTokPost | null = null;
  const send = createDraft({
    ...deps,
    config: withoutHooks(deps.config),
    ledger: { ...deps.ledger, oldestQueued: async () => [] }, // this row, whatever is waiting before it
    alerts: { put: async () => true },
    announces: false,
    readyToken: async () => {},
    acquireTurn: async () => true,
    updateRate: () => {},
    dash: {
      create: async (post, { canStillSend }) => {
        if (!canStillSend()) return { kind: 'not-sent' };
        sent = post;
        return { kind: 'withheld' };
      },
    },
    readMedium: async () => ({ kind: 'not-requested' }),
    drafts: {
      read: async () => ({ kind: 'not-shown', why: 'a simulation reads no post' }),
      change: async () => ({ kind: 'refused', why: 'a simulation changes nothing' }),
    },
    latestDrafts: { read: async () => null, note: async () => {} },
    listRecentPosts: async () => ({
      kind: 'inconclusive',
      code: 'simulation',
      message: 'a simulation does not request the list of posts',
    }),
    clock: () => at,
    random: () => 0,
    newId: () => `simulation-${key}`,
    sleep: async () => {},
  });
  await send({ key, brand }, quiet);
  const row = await deps.ledger.read(key);
  return { at, post: sent, row: row?.type === 'entry' ? row : null };
};

/**
 * Simulates the sending of rows in sequence, each as soon as it may be sent: a deferred row is tried again when it is
 * due. Returns each row's last result by key; a row that is deferred again has no result.
 */
export const simulateInOrder = async (
  deps: Deps,
  rows: readonly EntryRow[],
  from: number,
): Promise<Map<string, SimulatedDraft>> => {
  const ends = new Map<string, SimulatedDraft>();
  let waiting = rows.map((row) => ({ row, dueAt: Math.max(from, row.dueAt) }));
  for (let steps = rows.length * maxTurns; waiting.length > 0 && steps > 0; steps--) {
    const next = waiting.reduce((first, one) => (one.dueAt < first.dueAt ? one : first));
    waiting = waiting.filter((one) => one !== next);
    const end = await simulateDraft(deps, next.row, next.dueAt);
    ends.set(next.row.key, end);
    if (end.row?.state === 'queued' && end.row.dueAt > next.dueAt)
      waiting.push({ row: end.row, dueAt: end.row.dueAt });
  }
  return ends;
};

const maxTurns = 20;
