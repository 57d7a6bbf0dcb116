import { createHash } from 'node:crypto';

const hour = 3_600_000;
/** DynamoDB removes an expired item "within a few days", as a rule within 48 hours (documentation of TTL). */
const latestMs = 48 * hour;

/** How long after its expiry a row is removed: constant per key, up to 48 hours. */
const delayMs = (key: string): number =>
  (createHash('sha256').update(key).digest().readUInt16BE(0) / 0x10000) * latestMs;

/** Whether a row has been removed; until then an expired row is read like any other. */
export const isForgotten = (
  { key, expiresAt }: { key: string; expiresAt: number | null },
  now: number,
): boolean => {
  if (expiresAt === null || expiresAt * 1000 >= now) return false; // most rows; their keys need no hash
  return expiresAt * 1000 + delayMs(key) < now;
};
