import { parseDuration } from '../config/duration.ts';
import { readLocal } from '../editorial/calendar.ts';
import { permanent } from '../errors.ts';
import type { Edits } from '../posts/edits.ts';
import { timestampOf } from '../posts/stamp-post.ts';

/** Fields as people write them; undefined: unchanged, `none` or empty: left out of the post. */
export type WrittenEdits = Partial<Record<'text' | 'thumbnail' | 'media' | 'time', string | undefined>>;

const isNone = (written: string): boolean => ['', 'none'].includes(written.trim());

const withZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/i;

const timeFrom = (written: string, zone: { timezone: string; now: number }): number | null => {
  if (written === 'now') return zone.now;
  const ms = parseDuration(written);
  if (ms !== null) return zone.now + ms;
  const local = readLocal(written, zone.timezone);
  if (local !== null) return local;
  const at = withZone.test(written) ? Date.parse(written) : Number.NaN;
  return Number.isNaN(at) ? null : at;
};

/**
 * A time as people write it, in epoch milliseconds: `2026-12-01 09:00` in this time zone, a time with its own zone, a
 * while from now such as `2h`, or `now`. Throws permanent `edit.invalid`.
 */
export const readTime = (name: string, written: string, zone: { timezone: string; now: number }): number => {
  const at = timeFrom(written.trim(), zone);
  if (at !== null) return at;
  const shown = JSON.stringify(written.slice(0, 60));
  throw permanent(
    'edit.invalid',
    `${name} must be a time, not ${shown}: write for example "2026-12-01 09:00" (${zone.timezone}) or 2h`,
  );
};

const mediaFrom = (written: string): number[] => {
  if (isNone(written)) return [];
  if (/^\d{1,15}$/.test(written.trim())) return [Number(written)];
  const shown = JSON.stringify(written.slice(0, 60));
  throw permanent(
    'edit.invalid',
    `media_ids must be the ID of one video in the Library, not ${shown}: write the number that Dash Social shows, or none`,
  );
};

/** Written fields as edits of a post. Throws permanent `edit.invalid`, naming field, value and remedy. */
export const readEdits = (
  { text, thumbnail, media, time }: WrittenEdits,
  zone: { timezone: string; now: number },
): Edits => ({
  ...(text !== undefined && { text }),
  ...(thumbnail !== undefined && { thumbnail_url: isNone(thumbnail) ? null : thumbnail.trim() }),
  ...(media !== undefined && { media_ids: mediaFrom(media) }),
  ...(time !== undefined && {
    timestamp: isNone(time) ? null : timestampOf(readTime('timestamp', time, zone)),
  }),
});
