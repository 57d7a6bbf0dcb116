import { describe, expect, test } from 'vitest';
import { readConfig } from '../../../../lib/config.ts';
import { AppError } from '../../../../lib/core/errors.ts';

const file = (feed: string, rest = '') =>
  `${rest}\nfeeds: { a: { url: "https://www.example.com/f", brand_id: 1, ${feed} } }`;
const feedOf = (feed: string, rest?: string) => readConfig(file(feed, rest), 'feeds.yml').feeds[0];
const faultOf = (feed: string, rest?: string): string => {
  try {
    feedOf(feed, rest);
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
  return '';
};
const minute = 60_000;
const usual = { meanMs: 15 * minute, minMs: 10 * minute, maxMs: 1440 * minute };

describe('a feed is polled', () => {
  test.each([
    ['adaptively by default', '', '', { adaptive: usual }],
    [
      'within its own bounds',
      'min_interval: 20m, max_interval: 2d',
      '',
      { adaptive: { ...usual, minMs: 20 * minute, maxMs: 2880 * minute } },
    ],
    [
      'with the configured mean interval',
      '',
      'mean_interval: 3h',
      { adaptive: { ...usual, meanMs: 180 * minute } },
    ],
    [
      'within the default bounds',
      '',
      'defaults: { min_interval: 1h }',
      { adaptive: { ...usual, minMs: 60 * minute } },
    ],
    ['at its own interval', 'every: 15m', 'defaults: { max_interval: 2h }', { everyMs: 15 * minute }],
    [
      'within its own bounds rather than at the default interval',
      'max_interval: 2h',
      'defaults: { every: 1h }',
      { adaptive: { ...usual, maxMs: 120 * minute } },
    ],
    ['by its cron', 'cron: "0 9 * * *"', '', { cron: '0 9 * * *', timezone: 'UTC' }],
  ])('%s', (_, feed, rest, rhythm) => {
    expect(feedOf(feed, rest)?.rhythm).toEqual(rhythm);
  });

  test.each([
    ['every: 1h, min_interval: 1h', 'has min_interval and every, which exclude each other: keep one of them'],
    [
      'cron: "0 9 * * *", max_interval: 1h',
      'has max_interval and cron, which exclude each other: keep one of them',
    ],
    [
      'min_interval: 2d, max_interval: 1d',
      'has a min_interval of 2d, longer than its max_interval of 1d: swap them',
    ],
    ['min_interval: 10s', 'must be a duration from one minute to a year'],
  ])('%s is rejected', (feed, fault) => {
    expect(faultOf(feed)).toContain(fault);
  });
});

describe('the contact for publishers', () => {
  const contactOf = (contact: string) => readConfig(`polling: { contact: ${contact} }`, 'feeds.yml').contact;

  test.each(['https://www.example.com/bot?about=us', 'mailto:web@example.com'])('may be %s', (contact) => {
    expect(contactOf(`"${contact}"`)).toBe(contact);
  });

  test.each([
    ['"web@example.com"'],
    ['"https://www.example.com/a b"'],
    ['"https://www.example.com/)(x"'],
    ['"https://www.example.com/\\r\\nx: y"'],
    ['"https://www.example.com/Ä"'],
    [`"https://www.example.com/${'a'.repeat(200)}"`],
    ['5'],
  ])('may not be %s', (contact) => {
    expect(() => contactOf(contact)).toThrow(
      /polling\.contact must be an address of at most 200 characters .*: write, for example, https:/,
    );
  });

  test('may be left out', () => {
    expect(readConfig('timezone: UTC', 'feeds.yml')).not.toHaveProperty('contact');
  });
});

describe('a feed behind a login', () => {
  test('names the secrets for its headers and its password', () => {
    expect(feedOf('headers: { X-Api-Key: news-key }, basic: news-login')?.login).toEqual({
      headers: { 'x-api-key': 'news-key' },
      basic: 'news-login',
    });
    expect(feedOf('')).not.toHaveProperty('login');
  });

  test.each([
    ['basic: "jane:pa55word"', 'feeds.a.basic must be the name of a secret'],
    ['basic: "Basic amFuZTpwYTU1d29yZA=="', 'feeds.a.basic looks like a secret itself'],
    [
      'headers: { x-api-key: "q7Rz2Kp9Wm4Xv8Lb3Tn6Yc1D" }',
      'feeds.a.headers.x-api-key looks like a secret itself',
    ],
    ['headers: { authorization: "Bearer eyJhbGciOi" }', 'looks like a secret itself'],
    ['headers: { "x y": key }', 'is not a header name'],
    ['headers: { Cookie: key }', 'is a header that cannot be set'],
    ['headers: [key]', 'feeds.a.headers must be a map of headers'],
    ['headers: { authorization: key }, basic: key', 'has both basic and an authorization header'],
  ])('rejects %s', (feed, fault) => {
    expect(faultOf(feed)).toContain(fault);
    expect(faultOf(feed)).not.toMatch(/pa55word|q7Rz2Kp9|amFuZT|eyJhbGci/);
  });

  test('cannot be set in the defaults, which would send it to every publisher', () => {
    expect(faultOf('', 'defaults: { basic: news-login }')).toContain('defaults.basic is not a setting');
  });
});
