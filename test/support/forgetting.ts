import { createHash } from 'node:crypto';

const hour = 3_600_000;
/** DynamoDB removes an expired item "within a few days" and, as a rule, within 48 hours (its documentation of TTL). */
const latestMs = 48 * hour;

/** How long after its time a row is removed: the same for a key in every run, anything up to 48 hours between keys. */
const delayMs = (key: string): number =>
  (createHash('sha256').update(key).digest().readUInt16BE(0) / 0x10000) * latestMs;

/** Whether the table has forgotten a row by now; until then an expired row is read like any other. */
export const isForgotten = (
  { key, expiresAt }: { key: string; expiresAt: number | null },
  now: number,
): boolean => {
  if (expiresAt === null || expiresAt * 1000 >= now) return false; // most rows: no need to hash their keys
  return expiresAt * 1000 + delayMs(key) < now;
};
