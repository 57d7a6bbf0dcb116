import * as v from 'valibot';
import type { TikTokPost } from '../posts/tiktok-post.ts';
import { type DashResult, isApiError, readJson } from './dash-response.ts';

/** What the Library reports about a medium, as far as it decides whether a post may use it. */
type Medium = {
  status: string | null;
  /** When it may be published, as written: from, until, and until when its rights last. */
  from: string | null;
  until: string | null;
  rightsUntil: string | null;
};

/**
 * The response of the Library. `unknown`: it allows no conclusion, such as a 401, 403, 429, 5xx, a timeout or an unknown
 * format. `not-requested`: this stage delivers nothing, or feeds.yml turns the check off.
 */
export type MediumOutcome =
  | { kind: 'found'; medium: Medium }
  | { kind: 'missing' }
  | { kind: 'unknown'; code: string; message: string }
  | { kind: 'not-requested' };

/** A medium of a brand. */
export type MediumOf = { brand: number; id: number };

/** Reads a medium; never throws an `AppError`, because nothing depends on an answer. */
export type ReadMedium = (medium: MediumOf) => Promise<MediumOutcome>;

const Text = v.nullish(v.string(), null);

// https://developer.dashsocial.com/api-reference/library/media/get-media-object; without any of these fields it is
// another document
const Found = v.pipe(
  v.looseObject({
    brand_media_status: Text,
    can_publish_within: v.nullish(v.looseObject({ start: Text, end: Text }), null),
    content_rights_expiry_date: Text,
  }),
  v.transform(
    ({ brand_media_status: status, can_publish_within: window, content_rights_expiry_date }): Medium => ({
      status,
      from: window?.start || null,
      until: window?.end || null,
      rightsUntil: content_rights_expiry_date || null,
    }),
  ),
);
const fields = ['brand_media_status', 'can_publish_within', 'content_rights_expiry_date'];

const unknown = (code: string, message: string): MediumOutcome => ({ kind: 'unknown', code, message });

/** Interprets the response to the request for a medium. A 404 counts only in the API's own error format. */
export const readMedium = (reply: DashResult): MediumOutcome => {
  if (reply.kind === 'failed') return unknown(reply.code, reply.message);
  if (reply.kind === 'kept') return unknown('dash.unreachable', 'The request was not sent');
  const { status, body } = reply.response;
  if (status === 404 && isApiError(body)) return { kind: 'missing' };
  if (status !== 200) return unknown('dash.no-medium', `Dash Social returned ${status}`);
  const json = readJson(body);
  const found = v.safeParse(Found, json);
  if (!found.success || !fields.some((field) => field in (json as object)))
    return unknown('dash.no-medium', 'The response of Dash Social has an unexpected shape');
  return { kind: 'found', medium: found.output };
};

/** `unusable`: the post must not be sent. `unchecked`: there is no reason to hold it, but no certainty either. */
type MediumVerdict =
  | { kind: 'usable' }
  | { kind: 'unusable'; detail: string }
  | { kind: 'unchecked'; detail: string };

/** The API documents no list of statuses; any other one is no reason to hold a post. */
const unusableStatuses: ReadonlySet<string> = new Set(['deleted', 'expired', 'rejected', 'failed']);

const hour = 3_600_000;
const day = 24 * hour;
const written = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2})?)?$/i;

/**
 * The time that a limit certainly means, in epoch milliseconds: a day or a time without a zone is taken in the zone that
 * allows most, of those from UTC-12 to UTC+14. NaN: it cannot be read.
 */
const limitAt = (text: string, side: 'from' | 'until'): number => {
  const [, date, time, zone] = written.exec(text) ?? [];
  if (date === undefined) return Number.NaN;
  const at = Date.parse(`${date}T${time ?? '00:00'}${zone ?? 'Z'}`);
  if (zone !== undefined) return at;
  return side === 'from' ? at - 14 * hour : at + 12 * hour + (time === undefined ? day : 0);
};

type Limit = { text: string | null; side: 'from' | 'until'; what: string };

const limitsOf = ({ from, until, rightsUntil }: Medium): Limit[] => [
  { text: from, side: 'from', what: 'may be published from' },
  { text: until, side: 'until', what: 'may be published until' },
  { text: rightsUntil, side: 'until', what: 'has rights until' },
];

const excludes = ({ text, side }: Limit, at: number): boolean => {
  if (text === null) return false;
  const limit = limitAt(text, side);
  return side === 'from' ? at < limit : at >= limit; // false for one that cannot be read
};

const isUnreadable = ({ text, side }: Limit): boolean => text !== null && Number.isNaN(limitAt(text, side));

const judgeFound = (medium: Medium, name: string, at: number): MediumVerdict => {
  const { status } = medium;
  if (status !== null && unusableStatuses.has(status.trim().toLowerCase()))
    return { kind: 'unusable', detail: `${name} has the status ${status.trim()}` };
  const limits = limitsOf(medium);
  const broken = limits.find((limit) => excludes(limit, at));
  if (broken) {
    const when = new Date(at).toISOString();
    return { kind: 'unusable', detail: `${name} ${broken.what} ${broken.text}, but the post is for ${when}` };
  }
  const odd = limits.find(isUnreadable);
  return odd ? { kind: 'unchecked', detail: `${name} ${odd.what} "${odd.text}"` } : { kind: 'usable' };
};

/** Whether a medium may be published at a time, in epoch milliseconds, by what the Library reports. */
export const judgeMedium = (outcome: MediumOutcome, { brand, id }: MediumOf, at: number): MediumVerdict => {
  const name = `video ${id}`;
  switch (outcome.kind) {
    case 'found':
      return judgeFound(outcome.medium, name, at);
    case 'missing':
      return { kind: 'unusable', detail: `${name} is not in the Library of brand ${brand}` };
    case 'unknown':
      return { kind: 'unchecked', detail: outcome.message };
    case 'not-requested':
      return { kind: 'usable' };
  }
};

/**
 * The medium that a post needs when it goes public, and when that is; null for a draft, whose medium people see, and for
 * a post without one.
 */
export const mediumToCheck = (post: TikTokPost, now: number): (MediumOf & { at: number }) | null => {
  const [id] = post.media_ids ?? [];
  if (post.status === 'DRAFT' || id === undefined) return null;
  const at = post.status === 'SCHEDULED' && post.timestamp ? Date.parse(post.timestamp) : now;
  return { brand: post.brand_id, id, at };
};
