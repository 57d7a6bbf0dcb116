import { storyOfKey } from '../identity/ledger-keys.ts';

/**
 * A ledger row lives for 400 days after its entry was last on its feed. Each entry has one day in 150 on which its
 * rows are renewed while it is there, so that a feed of thousands renews a few a day. Days are counted from the epoch.
 */
export const everyDays = 150;

/** A key that is none of ours has a day, too: one odd row must not end the renewal of all. */
const dayOfRenewal = (story: string): number => {
  const bytes = storyOfKey(story);
  return bytes.length < 2 ? 0 : bytes.readUInt16BE(0) % everyDays;
};

/** How many days after `from` the day of a story is: at least one. */
const daysToRenewal = (story: string, from: number): number =>
  1 + ((((dayOfRenewal(story) - from - 1) % everyDays) + everyDays) % everyDays);

/** The first day after `renewedOn` on which something is to be renewed of these stories; no later than 150 days on. */
export const nextRenewal = (stories: readonly string[], renewedOn: number): number =>
  renewedOn + stories.reduce((least, story) => Math.min(least, daysToRenewal(story, renewedOn)), everyDays);

/** Whether the day of a story came after `renewedOn`, and no later than today. */
export const isRenewalDue = (story: string, renewedOn: number, today: number): boolean =>
  today > renewedOn && daysToRenewal(story, renewedOn) <= today - renewedOn;
