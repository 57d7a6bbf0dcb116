import { storyOfKey } from './ledger-keys.ts';

/**
 * A ledger row lives for 400 days after its entry was last on its feed. Each entry has one day in 150 on which its
 * rows are renewed while it is there, so that a feed of thousands renews a few a day. Days are counted from the epoch.
 */
const everyDays = 150;

const dayOfRenewal = (story: string): number => storyOfKey(story).readUInt16BE(0) % everyDays;

/** Whether the day of a story came after `renewedOn`, and no later than today. */
export const isRenewalDue = (story: string, renewedOn: number, today: number): boolean => {
  const days = today - renewedOn;
  if (days <= 0) return false;
  const until = (((dayOfRenewal(story) - renewedOn - 1) % everyDays) + everyDays) % everyDays;
  return until < days;
};
