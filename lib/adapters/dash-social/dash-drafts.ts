import { dashUrls, sendWithToken } from '../../core/dash/dash-call.ts';
import { type DashResult, readJson, type SendDash } from '../../core/dash/dash-response.ts';
import { AppError } from '../../core/errors.ts';
import { isObject } from '../../core/is-object.ts';
import type { DashDrafts, DraftRead, DraftWritten, TokenSource } from '../../core/ports.ts';

type DashDraftsOptions = { send: SendDash; token: TokenSource; baseUrl?: string };

/** Dash Social, or what is between, may answer otherwise in a while. */
const isTemporary = (status: number): boolean => status === 401 || status === 429 || status >= 500;

const readOf = (reply: DashResult): DraftRead => {
  if (reply.kind !== 'response')
    return { kind: 'later', why: reply.kind === 'failed' ? reply.message : 'the request was not sent' };
  const { status, body } = reply.response;
  if (isTemporary(status)) return { kind: 'later', why: `Dash Social returned ${status} for the post` };
  const shown = status === 200 ? readJson(body) : null;
  if (isObject(shown)) return { kind: 'shown', post: shown };
  const what = status === 200 ? 'something unexpected' : String(status);
  return { kind: 'not-shown', why: `Dash Social cannot show the post (it returned ${what})` };
};

const writtenOf = (reply: DashResult): DraftWritten => {
  if (reply.kind === 'kept') return { kind: 'later', why: 'the request was not sent' };
  if (reply.kind === 'failed') return { kind: reply.left ? 'unknown' : 'later', why: reply.message };
  const { status } = reply.response;
  if (status >= 200 && status < 300) return { kind: 'changed' };
  if (status >= 500) return { kind: 'unknown', why: `Dash Social returned ${status} for the change` };
  if (isTemporary(status)) return { kind: 'later', why: `Dash Social returned ${status} for the change` };
  return { kind: 'refused', why: `Dash Social refused the change (it returned ${status})` };
};

const withoutToken = (error: unknown): { kind: 'later'; why: string } => {
  if (error instanceof AppError) return { kind: 'later', why: error.message };
  throw error;
};

/**
 * Reads and changes one post. The change is documented for TikTok (`PATCH /tiktok/scheduled_posts/{id}`); reading one
 * is documented for sister platforms only, so that every unexpected answer is `not-shown`.
 */
export const dashDrafts = (options: DashDraftsOptions): DashDrafts => {
  const send = sendWithToken(options);
  const urlOf = (postId: number): string => `${dashUrls(options.baseUrl).posts}/${postId}`;
  return {
    read: (postId) => send({ method: 'GET', url: urlOf(postId) }).then(readOf, withoutToken),
    change: (postId, fields) =>
      send({ method: 'PATCH', url: urlOf(postId), body: JSON.stringify(fields) }).then(
        writtenOf,
        withoutToken,
      ),
  };
};

/** For a stage that delivers nothing. */
export const noDrafts: DashDrafts = {
  read: async () => ({ kind: 'not-shown', why: 'this stage delivers nothing' }),
  change: async () => ({ kind: 'refused', why: 'this stage delivers nothing' }),
};
