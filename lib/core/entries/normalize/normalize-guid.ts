import { createHash } from 'node:crypto';
import { MAX_ADDRESS_BYTES, readAddress } from './normalize-link.ts';

/**
 * Normalizes a guid: trimmed; an http(s) address as by `normalizeLink`, but with its fragment, because the entries of a
 * changelog may differ in nothing else. Over 8,192 bytes it is `sha256:` and its hash in hexadecimal; null if empty.
 */
export const normalizeGuid = (guid: string | null): string | null => {
  const text = guid?.trim();
  if (!text) return null;
  if (Buffer.byteLength(text) > MAX_ADDRESS_BYTES) {
    return `sha256:${createHash('sha256').update(text).digest('hex')}`;
  }
  const read = readAddress(text);
  return read ? read.address.link + read.fragment : text;
};
