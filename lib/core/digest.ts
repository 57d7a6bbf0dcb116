import type { Sighting } from './identity.ts';

/**
 * What a feed's last window held, in a few bytes an entry: 64 bits each of its own key, its page key and its
 * content. An unchanged entry is recognised from it without a read.
 */
export type Digest = { knows: (key: string) => boolean; size: number };

const version = 1;
const bytesAHash = 8;
const bytesAnEntry = 3 * bytesAHash;

const keyBytes = (key: string | undefined) =>
  key === undefined
    ? Buffer.alloc(bytesAHash)
    : Buffer.from(key.slice(key.indexOf('-') + 1), 'base64url').subarray(0, bytesAHash);

/** The bytes to be kept with the feed's row. */
export const writeDigest = (sightings: Sighting[]): Uint8Array =>
  Buffer.concat([
    Buffer.from([version]),
    ...sightings.flatMap(({ keys: [own, page], contentHash }) => [
      keyBytes(own),
      keyBytes(page),
      Buffer.from(contentHash, 'hex'),
    ]),
  ]);

/** Null when there is none, or it was written by a release that this one cannot read: then the ledger alone answers. */
export const readDigest = (bytes: Uint8Array | null): Digest | null => {
  if (bytes === null || bytes[0] !== version) return null;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const known = new Set<string>();
  for (let at = 1; at < buffer.length; at += bytesAnEntry) {
    known.add(buffer.toString('hex', at, at + bytesAHash));
    known.add(buffer.toString('hex', at + bytesAHash, at + 2 * bytesAHash));
  }
  return {
    knows: (key) => known.has(keyBytes(key).toString('hex')),
    size: (buffer.length - 1) / bytesAnEntry,
  };
};

/** The bytes without the entries that have one of these keys; null for bytes that this release cannot read. */
export const withoutKeys = (bytes: Uint8Array, keys: ReadonlySet<string>): Uint8Array | null => {
  if (bytes[0] !== version) return null;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const gone = new Set(Array.from(keys, (key) => keyBytes(key).toString('hex')));
  const isGone = (at: number) => gone.has(buffer.toString('hex', at, at + bytesAHash));
  const kept: Uint8Array[] = [buffer.subarray(0, 1)];
  for (let at = 1; at < buffer.length; at += bytesAnEntry)
    if (!isGone(at) && !isGone(at + bytesAHash)) kept.push(buffer.subarray(at, at + bytesAnEntry));
  return Buffer.concat(kept);
};
