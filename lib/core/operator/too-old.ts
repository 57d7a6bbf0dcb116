import type { Config } from '../config/config.ts';
import { permanent } from '../errors.ts';
import type { EntryRow } from '../ledger/row.ts';
import { staleAfterOf, tooLateToPublish } from '../posts/go-public.ts';
import { settingsNow } from '../posts/rendering.ts';
import { formatDuration } from '../text/format-time.ts';

type Known = Pick<Config, 'feeds' | 'webhooks'>;

/** By the entry's date, or by when it was first seen: an entry without a date is new then. */
const ageOf = ({ published, seenAt }: EntryRow, now: number): number =>
  now - (published === null ? seenAt : Date.parse(published));

/** The age limits that an entry had to meet when it was registered, with the settings as they are now. */
const limitsFor = (row: EntryRow, config: Known): { setting: string; ms: number }[] => {
  const settings = settingsNow(config, row)?.settings;
  const { maxAgeMs = null, editorial } = settings ?? {};
  const newerThanMs = editorial?.rules.only.newerThanMs ?? null;
  return [
    { setting: 'only.newer_than', ms: newerThanMs },
    { setting: 'max_age', ms: maxAgeMs },
  ].flatMap(({ setting, ms }) => (ms === null ? [] : [{ setting, ms }]));
};

/** Why an entry that waited for review is too old for a new one by now; null if it is not. */
export const tooOldText = (row: EntryRow, config: Known, now: number): string | null => {
  const age = ageOf(row, now);
  const limit = limitsFor(row, config).find(({ ms }) => age > ms);
  if (limit)
    return `it is ${formatDuration(age)} old, and ${limit.setting} allows ${formatDuration(limit.ms)}`;
  const late = tooLateToPublish(row, staleAfterOf(config.webhooks, row.feed), now);
  return late?.code === 'entry.stale' ? `it would go public late: ${late.detail}` : null;
};

/**
 * Judges the age of an entry that waited for review by the rules for new entries: `max_age`, `only.newer_than`, and
 * `stale_after` for public posts. Throws permanent `move.too-old`, naming the setting and the remedy.
 */
export const refuseTooOld = (row: EntryRow, config: Known, now: number): void => {
  const why = tooOldText(row, config, now);
  if (why === null) return;
  const remedy =
    'If it is still news, approve it with --even-if-old ("Approve anyway"); otherwise dismiss it.';
  throw permanent('move.too-old', `${row.key} was not approved: ${why}. ${remedy}`);
};
