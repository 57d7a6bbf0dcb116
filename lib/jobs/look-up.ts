import { type LookedUp, lookedUp, newPointer } from '../core/life.ts';
import type { Call, Clock, Ledger, ListRecentPosts, RecentPost } from '../core/ports.ts';
import type { EntryRow } from '../core/row.ts';
import { changeRow } from './change-row.ts';

type Needs = {
  ledger: Pick<Ledger, 'read' | 'insert' | 'replace'>;
  listRecentPosts: ListRecentPosts;
  clock: Clock;
};

/** Clocks differ: a post may seem a little older than the attempt that made it. */
const clockSkewMs = 2 * 60_000;

/** The row that says which entry a post belongs to: a post settles one entry only. */
const postKey = (postId: number) => `post-${postId}`;

/**
 * Looks into Dash Social for the draft of an attempt of unknown outcome: found → drafted, surely absent → queued,
 * and as `park` where nobody can tell. Two entries of the same text never settle on the same post.
 */
export const lookUp =
  (services: Needs) =>
  async (row: EntryRow, call: Call): Promise<void> => {
    const found = await find(services, row);
    const { key, feed, brand, claimId } = row;
    const changed = await changeRow(services)(key, lookedUp(claimId, found, services.clock()), row);
    if (changed) call.report({ event: 'draft.looked-up', key, feed, brand, found: found.kind });
  };

/** Remembers that this post is this entry's, so that no look-up for another entry of the same text takes it. */
export const rememberPost =
  ({ ledger, clock }: Pick<Needs, 'ledger' | 'clock'>) =>
  async (postId: number, owner: string): Promise<boolean> => {
    const key = postKey(postId);
    if (await ledger.insert(newPointer(key, owner, clock()))) return true;
    const known = await ledger.read(key);
    return known?.type === 'pointer' && known.owner === owner;
  };

const attemptedAt = (row: EntryRow) =>
  row.history.findLast(({ code }) => code === 'draft.claimed')?.at ?? row.seenAt;

const find = async (services: Needs, row: EntryRow): Promise<LookedUp> => {
  const since = attemptedAt(row) - clockSkewMs;
  const listed = await services.listRecentPosts({ brand: row.brand, since });
  if (listed.kind === 'cannot-tell')
    return { kind: 'cannot-tell', detail: `${listed.code}: ${listed.message}` };
  const isOurs = ({ text, createdAt }: RecentPost) =>
    text === row.post?.text && (createdAt ?? since) >= since;
  for (const { id } of listed.posts.filter(isOurs)) {
    if (await rememberPost(services)(id, row.key)) return { kind: 'found', postId: id };
  }
  return { kind: 'absent' };
};
