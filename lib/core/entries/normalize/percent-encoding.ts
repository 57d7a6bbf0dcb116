import { normalizeUnicode } from './normalize-unicode.ts';

const STRAY_PERCENT = /%(?![0-9A-F]{2})/gi;
const OCTET = /%[0-9A-F]{2}/gi;
/** RFC 3986, 2.3: letters, digits, `-`, `.`, `_` and `~`. */
const UNRESERVED = /%(?:2[DE]|3[0-9]|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE])/g;
const ASCII = /%(?!25)[0-7][0-9A-F]/g;
const BEYOND_ASCII = /(?:%[89A-F][0-9A-F])+/g;

/** Octets that are not UTF-8 belong to another, unknown encoding, so they are kept. */
const decodeUtf8 = (octets: string): string => {
  try {
    return decodeURIComponent(octets);
  } catch {
    return octets;
  }
};

const OCTET_OR_TEXT = /%..|[^%]+/gs;

/** Prevents an accent after an octet from combining with the octet's last digit. */
const compose = (text: string): string =>
  text.replace(OCTET_OR_TEXT, (part) => (part.startsWith('%') ? part : normalizeUnicode(part, 'NFC')));

const respell = (text: string, decoded: RegExp, encoded: RegExp): string =>
  compose(
    text
      .replace(STRAY_PERCENT, '%25')
      .replace(OCTET, (octet) => octet.toUpperCase())
      .replace(decoded, decodeURIComponent)
      .replace(BEYOND_ASCII, decodeUtf8),
  ).replace(encoded, encodeURIComponent);

/**
 * Normalizes a path or fragment by RFC 3986, 6.2.2: unreserved characters literal, everything else that needs it
 * percent-encoded in upper case, a reserved character as given; characters in NFC (RFC 3987, 5.3.2.2). `text`:
 * well-formed Unicode.
 */
export const respellPath = (text: string): string => respell(text, UNRESERVED, /[^\w\-.~!$&'()*+,;=:@/%]+/gu);

/**
 * Normalizes a parameter's name or value. After splitting at `&` and `=`, no character has a meaning in forms, so a
 * reserved character is the same encoded or not, and `+` is a space. `text`: well-formed Unicode.
 */
export const respellParameter = (text: string): string =>
  respell(text.replaceAll('+', '%20'), ASCII, /[^\w\-.~!'()*%]+/gu);
