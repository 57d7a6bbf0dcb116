import { leaseMs, pointerKeepMs } from '../dash/timing.ts';
import type { EntryRow } from '../ledger/row.ts';

const minute = 60_000;
/** Clocks differ, so a post may seem slightly older or newer than it is. */
const clockSkewMs = 2 * minute;
/** An older draft proves nothing about what the list shows now. */
const proofDays = 30;
const dayMs = 24 * 60 * minute;
/** The link between a post and its entry is stored as long as a pointer; this leaves a month as margin. */
const longestMs = pointerKeepMs - 30 * dayMs;

/** A post in Dash Social's list; `createdAt` in epoch milliseconds, by its clock. */
export type RecentPost = { id: number; brand: number | null; text: string | null; createdAt: number | null };

/** The part of a list that was read. `reachesBefore`: one of its pages is entirely before the requested time. */
export type ListedPosts = { posts: RecentPost[]; reachesBefore: boolean };

/** A draft of the brand whose ID we received from Dash Social. `at`: when, epoch milliseconds by our clock. */
export type LatestDraft = { brand: number; postId: number; at: number };

/** A POST of unknown outcome: its text, and the time span in which its post can have been created. */
export type Attempt = { brand: number; text: string; from: number; to: number };

/** The last attempt of a row. */
export const attemptOf = ({ brand, post, leaseUntil, history, seenAt }: EntryRow): Attempt => {
  const claimedAt = history.findLast(({ code }) => code === 'draft.claimed')?.at ?? seenAt;
  const endsAt = Math.max(claimedAt + leaseMs, leaseUntil ?? 0);
  return { brand, text: post?.text ?? '', from: claimedAt - clockSkewMs, to: endsAt + clockSkewMs };
};

/**
 * Why it is too late for a look-up to settle anything: another entry's post could be mistaken for this one's. Null in
 * time.
 */
export const doubtOfAge = ({ from }: Attempt, now: number): string | null =>
  now - from > longestMs
    ? `the attempt is more than ${longestMs / dayMs} days old, so it is no longer known which posts belong to other entries`
    : null;

/** Why a brand's latest draft cannot prove that a list is complete; null if it can. */
export const doubtOfLatest = (latest: LatestDraft | null, attempt: Attempt): string | null => {
  if (!latest) return 'no draft of this brand has a known ID yet, so the list of posts cannot be trusted';
  const oldest = attempt.from - proofDays * dayMs;
  return latest.at < oldest
    ? `the latest draft with a known ID (${latest.postId}) is more than ${proofDays} days old, so the list of posts cannot be trusted`
    : null;
};

/** It was created while its POST was in progress, so its time also shows whether the clocks agree. */
const isLatest = ({ id, createdAt }: RecentPost, { postId, at }: LatestDraft): boolean =>
  id === postId &&
  createdAt !== null &&
  createdAt <= at + clockSkewMs &&
  createdAt >= at - leaseMs - clockSkewMs;

/**
 * Why a list proves nothing about an attempt; null if it does: it was read to a page that is entirely before the
 * attempt, and it contains the brand's latest draft unchanged.
 */
export const doubtOfList = (
  { posts, reachesBefore }: ListedPosts,
  latest: LatestDraft,
  { brand }: Attempt,
): string | null => {
  if (posts.length === 0) return 'the list of posts is empty';
  if (!posts.some((post) => post.brand === brand && isLatest(post, latest)))
    return `the list of posts does not contain the latest draft of this brand (${latest.postId})`;
  return reachesBefore
    ? null
    : 'no part of the list of posts is entirely from before the attempt, so it may have been cut off';
};

const plain = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim();

/** Posts that the attempt may have created: with its text and brand, and in its time span if their time is known. */
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
