import { leaseMs, pointerKeepMs } from '../dash/timing.ts';
import type { EntryRow } from '../ledger/row.ts';

const minute = 60_000;
/** Clocks differ: a post may seem a little older or younger than it is. */
const clockSkewMs = 2 * minute;
/** A draft that was made longer ago proves nothing of what the list shows now. */
const proofDays = 30;
const dayMs = 24 * 60 * minute;
/** Which post belongs to which entry is remembered for as long as a pointer; a month of it is kept in hand. */
const longestMs = pointerKeepMs - 30 * dayMs;

/** A post in Dash Social's list; `createdAt` in epoch milliseconds, as the list says it. */
export type RecentPost = { id: number; brand: number | null; text: string | null; createdAt: number | null };

/** What was read of a list. `reachesBefore`: one of its pages lies wholly before the time that was asked for. */
export type ListedPosts = { posts: RecentPost[]; reachesBefore: boolean };

/** A draft of the brand whose id an answer of Dash Social gave us. `at`: when, epoch milliseconds by our clock. */
export type LatestDraft = { brand: number; postId: number; at: number };

/** A POST of unknown outcome: what it said, and between which moments its post can have been made. */
export type Attempt = { brand: number; text: string; from: number; to: number };

/** The last attempt of a row. */
export const attemptOf = ({ brand, post, leaseUntil, history, seenAt }: EntryRow): Attempt => {
  const claimedAt = history.findLast(({ code }) => code === 'draft.claimed')?.at ?? seenAt;
  const endsAt = Math.max(claimedAt + leaseMs, leaseUntil ?? 0);
  return { brand, text: post?.text ?? '', from: claimedAt - clockSkewMs, to: endsAt + clockSkewMs };
};

/** Why nothing may be settled by a look any more: another entry's post would be taken for this one's. Null in time. */
export const doubtOfAge = ({ from }: Attempt, now: number): string | null =>
  now - from > longestMs
    ? `the attempt is older than ${longestMs / dayMs} days, so which posts are other entries' is no longer known`
    : null;

/** Why a brand's latest draft cannot prove its list; null when it can. */
export const doubtOfLatest = (latest: LatestDraft | null, attempt: Attempt): string | null => {
  if (!latest) return 'no draft of this brand is known by its id yet, so nothing proves the list of posts';
  const oldest = attempt.from - proofDays * dayMs;
  return latest.at < oldest
    ? `the latest draft known by its id (${latest.postId}) is older than ${proofDays} days, so it proves nothing`
    : null;
};

/** It was made while its POST was under way, so its time also shows whether their clock is ours. */
const isLatest = ({ id, createdAt }: RecentPost, { postId, at }: LatestDraft): boolean =>
  id === postId &&
  createdAt !== null &&
  createdAt <= at + clockSkewMs &&
  createdAt >= at - leaseMs - clockSkewMs;

/**
 * Why a list proves nothing of an attempt; null when it does: it was read to a page that lies wholly before the
 * attempt, and it shows the brand's latest draft as it was made.
 */
export const doubtOfList = (
  { posts, reachesBefore }: ListedPosts,
  latest: LatestDraft,
  { brand }: Attempt,
): string | null => {
  if (posts.length === 0) return 'the list of posts is empty';
  if (!posts.some((post) => post.brand === brand && isLatest(post, latest)))
    return `the list of posts does not show the latest draft of this brand (${latest.postId})`;
  return reachesBefore ? null : 'the list of posts does not reach back to before the attempt';
};

const plain = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim();

/** Posts that may be what the attempt made: of its text and brand, made in its time as far as they say when. */
export const postsThatFit = (
  posts: readonly RecentPost[],
  { brand, text, from, to }: Attempt,
): RecentPost[] =>
  posts.filter(
    (post) =>
      post.brand === brand &&
      post.text !== null &&
      plain(post.text) === plain(text) &&
      (post.createdAt === null || (post.createdAt >= from && post.createdAt <= to)),
  );
