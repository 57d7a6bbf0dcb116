import { storyOfKey } from '../identity/ledger-keys.ts';

/**
 * A ledger row expires 400 days after its entry was last on its feed. Each entry has one day in 150 on which its rows
 * are renewed while it is listed, so that a feed of thousands renews a few per day. Days are counted from the epoch.
 */
export const everyDays = 150;

/** A key in an unknown format has a day too, so that one odd row does not stop all renewals. */
const dayOfRenewal = (story: string): number => {
  const bytes = storyOfKey(story);
  return bytes.length < 2 ? 0 : bytes.readUInt16BE(0) % everyDays;
};

/** How many days after `from` a story's renewal is: at least one. */
const daysToRenewal = (story: string, from: number): number =>
  1 + ((((dayOfRenewal(story) - from - 1) % everyDays) + everyDays) % everyDays);

/** The first day after `renewedOn` on which one of these stories is renewed; at most 150 days later. */
export const nextRenewal = (stories: readonly string[], renewedOn: number): number =>
  renewedOn + stories.reduce((least, story) => Math.min(least, daysToRenewal(story, renewedOn)), everyDays);

/** Whether a story's renewal was after `renewedOn` and no later than today. */
export const isRenewalDue = (story: string, renewedOn: number, today: number): boolean =>
  today > renewedOn && daysToRenewal(story, renewedOn) <= today - renewedOn;
