import { createHash } from 'node:crypto';

/** Where in its interval a feed is polled: derived from the hash of its address, so that a fleet is spread evenly. */
export const phaseMs = (url: string, everyMs: number): number =>
  createHash('sha256').update(url).digest().readUIntBE(0, 6) % everyMs;
