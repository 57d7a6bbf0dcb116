import { normalizeUnicode } from './normalize-unicode.ts';

const STRAY_PERCENT = /%(?![0-9A-F]{2})/gi;
const OCTET = /%[0-9A-F]{2}/gi;
/** RFC 3986, 2.3: letters, digits, `-`, `.`, `_` and `~`. */
const UNRESERVED = /%(?:2[DE]|3[0-9]|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE])/g;
const ASCII = /%(?!25)[0-7][0-9A-F]/g;
const BEYOND_ASCII = /(?:%[89A-F][0-9A-F])+/g;

/** Octets that are no UTF-8 are another encoding's: which characters they are nobody tells, so they stay. */
const decodeUtf8 = (octets: string): string => {
  try {
    return decodeURIComponent(octets);
  } catch {
    return octets;
  }
};

const OCTET_OR_TEXT = /%..|[^%]+/gs;

/** An accent after an octet is not put on the octet's last digit. */
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
 * A path or fragment of an address in the one spelling of RFC 3986, 6.2.2: unreserved characters as they are, everything else that
 * needs it percent-encoded in upper case, a reserved character as it was given; characters in NFC (RFC 3987, 5.3.2.2).
 * `text`: well-formed Unicode.
 */
export const respellPath = (text: string): string => respell(text, UNRESERVED, /[^\w\-.~!$&'()*+,;=:@/%]+/gu);

/**
 * A parameter's name or value in one spelling. Forms give no character of it a meaning once it is taken apart at `&` and
 * `=`, so a reserved character is the same encoded or not, and `+` is a space. `text`: well-formed Unicode.
 */
export const respellParameter = (text: string): string =>
  respell(text.replaceAll('+', '%20'), ASCII, /[^\w\-.~!'()*%]+/gu);
