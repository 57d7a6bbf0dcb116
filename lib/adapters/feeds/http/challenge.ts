import type { IncomingHttpHeaders } from 'node:http';

/**
 * Headers that mark a bot challenge: AWS WAF (docs.aws.amazon.com/waf, "How AWS WAF processes challenge and CAPTCHA
 * actions": 202 and 405), Cloudflare (developers.cloudflare.com, "Detect a Challenge Page response"), SiteGround.
 */
const MARKS = new Map([
  ['x-amzn-waf-action', /challenge|captcha/i],
  ['cf-mitigated', /challenge/i],
  ['sg-captcha', /challenge/i],
]);

/** The header, with its value, that marks a response as a challenge; null if there is none. */
export const challengeMark = (headers: IncomingHttpHeaders): string | null => {
  for (const [name, values] of MARKS) {
    const value = String(headers[name] ?? '');
    if (values.test(value)) return `${name}: ${value.slice(0, 40)}`;
  }
  return null;
};

/** Nothing or a page, as sent with 202 (accepted) instead of a feed. */
export const isNoDocument = (bytes: Uint8Array): boolean => {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 500));
  return /^[\s\ufeff\u00ef\u00bb\u00bf]*(?:$|<!doctype\s+html|<html)/i.test(start);
};
