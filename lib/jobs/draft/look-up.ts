import { backOffMs } from '../../core/backoff.ts';
import { rowBackOff } from '../../core/dash/timing.ts';
import { AppError } from '../../core/errors.ts';
import { type LookedUp, lookedUp, newPointer } from '../../core/ledger/entry-state.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import type {
  Clock,
  Invocation,
  LatestDrafts,
  Ledger,
  ListRecentPosts,
  RecentPosts,
} from '../../core/ports.ts';
import type { RecentPost } from '../../core/posts/find-draft.ts';
import {
  type Attempt,
  attemptOf,
  doubtOfAge,
  doubtOfLatest,
  doubtOfList,
  type LatestDraft,
  postsThatFit,
} from '../../core/posts/find-draft.ts';
import { changeRow } from '../change-row.ts';
import { expireStoredEntry } from '../operator/expire-stored-entry.ts';

type Deps = {
  ledger: Pick<Ledger, 'read' | 'insert' | 'replace' | 'setStoredEntryExpiry'>;
  latestDrafts: LatestDrafts;
  listRecentPosts: ListRecentPosts;
  clock: Clock;
  random: () => number;
};

/** The key of the row that shows which entry a post belongs to: a post settles one entry only. */
const postKey = (postId: number) => `post-${postId}`;

/**
 * Looks for the draft of an attempt with an unknown outcome in a list that proves to be complete: found → drafted,
 * absent → queued. A list that cannot be requested now is tried again later. An unproven list is no reason to send
 * again: the row is parked. Two entries with the same text never
 * settle on the same post.
 */
export const lookUp = async (deps: Deps, row: EntryRow, invocation: Invocation): Promise<void> => {
  const found = await find(deps, row);
  const { key, feed, brand, claimId } = row;
  const changed = await changeRow(deps, key, lookedUp(claimId, found, deps.clock()), row);
  if (changed) invocation.report({ event: 'draft.looked-up', key, feed, brand, found: found.kind });
  await expireStoredEntry(deps, changed);
};

/** Records that this post belongs to this entry, so that no look-up for another entry with the same text takes it. */
export const rememberPost = async (
  { ledger, clock }: Pick<Deps, 'clock'> & { ledger: Pick<Ledger, 'read' | 'insert'> },
  postId: number,
  owner: string,
): Promise<boolean> => {
  const key = postKey(postId);
  if (await ledger.insert(newPointer(key, owner, clock()))) return true;
  return isOwn(await ledger.read(key), owner);
};

/** Notes a brand's latest draft. A failure does no harm, because the draft before it proves as much. */
export const noteLatest = async (
  { latestDrafts }: Pick<Deps, 'latestDrafts'>,
  draft: LatestDraft,
): Promise<void> => {
  try {
    await latestDrafts.note(draft);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
};

const isOwn = (known: Awaited<ReturnType<Ledger['read']>>, owner: string) =>
  known?.type === 'pointer' && known.owner === owner;

const inconclusive = (detail: string): LookedUp => ({ kind: 'inconclusive', detail });

const unread = (
  { clock, random }: Deps,
  { failures }: EntryRow,
  { kind, message: detail }: Exclude<RecentPosts, { kind: 'listed' }>,
): LookedUp =>
  kind === 'unavailable'
    ? { kind: 'later', detail, dueAt: clock() + backOffMs(failures, rowBackOff, random()) }
    : inconclusive(detail);

const find = async (deps: Deps, row: EntryRow): Promise<LookedUp> => {
  const attempt = attemptOf(row);
  const { brand, from: since } = attempt;
  const latest = await deps.latestDrafts.read(brand);
  const doubt = doubtOfAge(attempt, deps.clock()) ?? doubtOfLatest(latest, attempt);
  if (!latest || doubt) return inconclusive(doubt ?? '');
  const listed = await deps.listRecentPosts({ brand, since, latest });
  if (listed.kind !== 'listed') return unread(deps, row, listed);
  const unproven = doubtOfList(listed, latest, attempt);
  return unproven ? inconclusive(unproven) : choose(deps, row.key, listed.posts, attempt);
};

/** The first post that no other entry has; of several, none unless each has a creation time. */
const choose = async (
  deps: Deps,
  owner: string,
  posts: RecentPost[],
  attempt: Attempt,
): Promise<LookedUp> => {
  const free: RecentPost[] = [];
  for (const post of postsThatFit(posts, attempt)) {
    const known = await deps.ledger.read(postKey(post.id));
    if (known === null || isOwn(known, owner)) free.push(post);
  }
  if (free.length > 1 && free.some(({ createdAt }) => createdAt === null))
    return inconclusive(`posts ${free.map(({ id }) => id).join(', ')} match, and not all have a date`);
  for (const { id } of free) if (await rememberPost(deps, id, owner)) return { kind: 'found', postId: id };
  return { kind: 'absent' };
};
