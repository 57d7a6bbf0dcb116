import { isUtf8 } from 'node:buffer';
import { once } from '../../../core/once.ts';

const ENCODING_DECLARED = /<\?xml\s[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']\s{0,9}([\w.:+-]{1,40})/i;
const CHARSET = /charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:+-]{1,40})/i;

/**
 * By the standard these mean windows-1252; publishers who declare them mean that there is nothing else, and are often
 * wrong.
 */
const ASCII = /^(?:us-ascii|ascii|ansi_x3\.4-1968|iso646-us)$/i;

const decoderFor = (label: string | undefined) => {
  if (label === undefined) return null;
  try {
    return new TextDecoder(label);
  } catch {
    return null;
  }
};

const byteOrderMark = (bytes: Uint8Array): string | null => {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return null;
};

/** Markup begins with an ASCII character, so a zero byte next to it reveals UTF-16 and its byte order. */
const wideWithoutMark = (bytes: Uint8Array): string | null => {
  if (bytes[0] === 0 && bytes[1] !== 0) return 'utf-16be';
  if (bytes[0] !== 0 && bytes[1] === 0) return 'utf-16le';
  return null;
};

const asciiStart = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes.subarray(0, 2048));

/** Whether decoding lost more characters than there are beyond ASCII. */
const isMostlyBroken = (text: string): boolean => {
  let balance = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0xfffd) balance += 1;
    else if (unit >= 0x80 && unit < 0xfffd) balance -= 1;
  }
  return balance > 0;
};

/** A single bad byte, or a cut within a character, does not make UTF-8 another charset. */
const utf8OrWindows1252 = (bytes: Uint8Array): string => {
  const text = new TextDecoder('utf-8').decode(bytes);
  // the document may contain U+FFFD itself, for a character lost earlier
  if (!text.includes('\ufffd') || isUtf8(bytes)) return text;
  return isMostlyBroken(text) ? new TextDecoder('windows-1252').decode(bytes) : text;
};

/** The decoder of the stated or obvious charset; null for UTF-8 or a guess. */
const statedDecoder = (bytes: Uint8Array, contentType: string | null) => {
  const wide = byteOrderMark(bytes) ?? wideWithoutMark(bytes);
  if (wide !== null) return wide === 'utf-8' ? null : new TextDecoder(wide);

  const isValidUtf8 = once(() => isUtf8(bytes));
  const labels = [CHARSET.exec(contentType ?? '')?.[1], ENCODING_DECLARED.exec(asciiStart(bytes))?.[1]];
  for (const label of labels) {
    const decoder = decoderFor(label);
    if (decoder === null || decoder.encoding.startsWith('utf-')) continue;
    if (ASCII.test(label ?? '') && isValidUtf8()) continue;
    return decoder;
  }
  return null;
};

/**
 * Decodes bytes, choosing the charset as a browser does: byte order mark, then the charset of the content type, then
 * the XML declaration, then a guess (UTF-8 if valid, otherwise windows-1252). Labels are those of the WHATWG Encoding
 * Standard. An impossible label (UTF-16 for bytes that read as ASCII, UTF-8 for bytes that are not) is ignored, as is
 * ASCII if the bytes are UTF-8. The mark itself is not part of the text. Never throws.
 */
export const decodeText = (bytes: Uint8Array, contentType: string | null): string => {
  if (byteOrderMark(bytes) === 'utf-8') return new TextDecoder('utf-8').decode(bytes);
  return statedDecoder(bytes, contentType)?.decode(bytes) ?? utf8OrWindows1252(bytes);
};

/** The same text as UTF-8: the bytes themselves, with their mark, if they are. */
export const utf8Of = (bytes: Uint8Array, contentType: string | null): Buffer =>
  statedDecoder(bytes, contentType) === null && isUtf8(bytes)
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : Buffer.from(decodeText(bytes, contentType));
