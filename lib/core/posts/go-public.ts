import type { WebhookConfig } from '../config/config.ts';
import { leadMs } from '../dash/timing.ts';
import type { Verdict } from '../ledger/entry-state.ts';
import type { EntryRow } from '../ledger/row.ts';

/** The default maximum age of a public post. */
export const usualStaleAfterMs = 6 * 3_600_000;

/** The part of a post that decides; `published` is ISO 8601, `seenAt` epoch milliseconds. */
type Publication = Pick<EntryRow, 'post' | 'published' | 'seenAt'>;

/** The maximum age of an owner's public posts; if two webhooks differ, the stricter. */
export const staleAfterOf = (webhooks: WebhookConfig[], owner: string): number => {
  const ours = webhooks.filter(({ mapping }) => mapping.id === owner && mapping.publish !== 'draft');
  return ours.length === 0 ? usualStaleAfterMs : Math.min(...ours.map(({ staleAfterMs }) => staleAfterMs));
};

const isTooOld = ({ published, seenAt }: Publication, staleAfterMs: number, now: number): boolean =>
  now - (published === null ? seenAt : Date.parse(published)) > staleAfterMs;

/**
 * Why a post must not be published now: its time has passed, or its entry is too old; null if it may, and always for a
 * draft, which is reviewed first.
 */
export const tooLateToPublish = (
  publication: Publication,
  staleAfterMs: number,
  now: number,
): Verdict | null => {
  const { post } = publication;
  if (post === null || post.status === 'DRAFT') return null;
  if (post.status === 'SCHEDULED' && post.timestamp && Date.parse(post.timestamp) <= now) {
    const detail = `it was scheduled for ${post.timestamp}`;
    return { state: 'held', code: 'post.timestamp-passed', detail };
  }
  if (!isTooOld(publication, staleAfterMs, now)) return null;
  const detail = `stale_after allows ${hours(staleAfterMs)} h`;
  return { state: 'held', code: 'entry.stale', detail };
};

const hours = (ms: number) => Math.round(ms / 360_000) / 10;

const toSend: ReadonlySet<string> = new Set(['move.approve', 'move.release', 'move.retry']);
const decidedByPerson = ({ history }: EntryRow) => history.some(({ code }) => toSend.has(code));

/** A time that you set is never changed, so a draft whose time has come too close is held. */
const ownTimePassed = ({ post, edited }: EntryRow, now: number): Verdict | null => {
  const time = edited?.fields.timestamp;
  if (post?.status !== 'DRAFT' || !time || Date.parse(time) >= now + leadMs) return null;
  return { state: 'held', code: 'post.timestamp-passed', detail: `it was scheduled for ${time}` };
};

/** The same for a row about to be sent. Age alone does not stop a post that was released or retried by hand. */
export const tooLateToSend = (row: EntryRow, staleAfterMs: number, now: number): Verdict | null => {
  const verdict = ownTimePassed(row, now) ?? tooLateToPublish(row, staleAfterMs, now);
  return verdict?.code === 'entry.stale' && decidedByPerson(row) ? null : verdict;
};
