import type { Config } from '../../core/config/config.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import type { DryRunStores } from '../../core/operator/dry-run-stores.ts';
import type { Invocation } from '../../core/ports.ts';
import type { TikTokPost } from '../../core/posts/tiktok-post.ts';
import { createDraft } from '../draft/create-draft.ts';

type Deps = Pick<DryRunStores, 'ledger' | 'circuits' | 'quotas'> & {
  config: Pick<Config, 'feeds' | 'webhooks'>;
};

/** What sending a row would come to: the very post that would leave, or null, and the row as it would be then. */
export type SimulatedDraft = { at: number; post: TikTokPost | null; row: EntryRow | null };

/** No time is left for a second try: a mirror that fails is reported at once. */
const quiet: Invocation = { remainingMs: () => 0, report: () => {} };

/**
 * Has a row sent by the sender itself, over a mirror, at a time in epoch milliseconds; what arrives where Dash Social
 * would be is kept back. Nothing is posted and no token is asked for.
 */
export const simulateDraft = async (
  deps: Deps,
  { key, brand }: Pick<EntryRow, 'key' | 'brand'>,
  at: number,
): Promise<SimulatedDraft> => {
  let sent: TikTokPost | null = null;
  const send = createDraft({
    ...deps,
    ledger: { ...deps.ledger, oldestQueued: async () => [] }, // this row, whatever waits before it
    alerts: { put: async () => true },
    announces: false,
    readyToken: async () => {},
    acquireTurn: async () => true,
    updateRate: () => {},
    dash: {
      create: async (post, { mayLeave }) => {
        if (!mayLeave()) return { kind: 'not-sent' };
        sent = post;
        return { kind: 'withheld' };
      },
    },
    latestDrafts: { read: async () => null, note: async () => {} },
    listRecentPosts: async () => ({ kind: 'cannot-tell', code: 'rehearsal', message: 'nobody was asked' }),
    clock: () => at,
    random: () => 0,
    newId: () => `rehearsal of ${key}`,
    sleep: async () => {},
  });
  await send({ key, brand }, quiet);
  const row = await deps.ledger.read(key);
  return { at, post: sent, row: row?.type === 'entry' ? row : null };
};

/**
 * Has rows sent one after another, each as soon as it may be: one that waits for its turn is tried again when that has
 * come. Answers the last of each, by key; one that still waits then has no end that could be told.
 */
export const simulateInOrder = async (
  deps: Deps,
  rows: readonly EntryRow[],
  from: number,
): Promise<Map<string, SimulatedDraft>> => {
  const ends = new Map<string, SimulatedDraft>();
  let waiting = rows.map((row) => ({ row, dueAt: Math.max(from, row.dueAt) }));
  for (let steps = rows.length * mostTurns; waiting.length > 0 && steps > 0; steps--) {
    const next = waiting.reduce((first, one) => (one.dueAt < first.dueAt ? one : first));
    waiting = waiting.filter((one) => one !== next);
    const end = await simulateDraft(deps, next.row, next.dueAt);
    ends.set(next.row.key, end);
    if (end.row?.state === 'queued' && end.row.dueAt > next.dueAt)
      waiting.push({ row: end.row, dueAt: end.row.dueAt });
  }
  return ends;
};

const mostTurns = 20;
