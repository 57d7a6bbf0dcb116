import { createHmac } from 'node:crypto';
import * as v from 'valibot';
import type { Clock } from '../lib/core/ports.ts';
import { sameText } from '../local/embedded/guard.ts';
import type { Notices } from './notices.ts';

const lifetimeMs = 60_000;
const Signed = v.object({
  words: v.string(),
  bad: v.boolean(),
  undo: v.exactOptional(v.string()),
  sentAt: v.exactOptional(v.number()),
  next: v.exactOptional(v.string()),
  until: v.number(),
});

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/**
 * Notices in the address itself, because the next page may come from another process: signed, so that a link cannot
 * inject text, and shown for a minute. `key`: the session's token.
 */
export const signedNotices = (clock: Clock, key: string): Notices => {
  const mark = (text: string): string => createHmac('sha256', key).update(text).digest('base64url');
  return {
    keep: (notice) => {
      const until = clock() + lifetimeMs;
      const text = Buffer.from(JSON.stringify({ ...notice, until })).toString('base64url');
      return `${text}.${mark(text)}`;
    },
    take: (name) => {
      const [text = '', given = ''] = (name ?? '').split('.');
      if (!sameText(given, mark(text))) return null;
      const signed = v.safeParse(Signed, parsed(Buffer.from(text, 'base64url').toString('utf8')));
      if (!signed.success || signed.output.until < clock()) return null;
      const { until: _, ...notice } = signed.output;
      return notice;
    },
  };
};
