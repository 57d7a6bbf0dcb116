import { expect, test } from 'vitest';
import { didYouMean } from '../../../lib/core/config/did-you-mean.ts';

const known = ['url', 'every', 'cron', 'brand_id', 'caption', 'when_uncertain', 'allow_private'];

test.each([
  ['urll', 'url'],
  ['evry', 'every'],
  ['evrey', 'every'],
  ['brandId', 'brand_id'],
  ['brand-id', 'brand_id'],
  ['Caption', 'caption'],
  ['captoin', 'caption'],
  ['whenUncertian', 'when_uncertain'],
  ['brand', 'brand_id'],
  ['private', 'allow_private'],
  ['capt', 'caption'],
])('suggests for %s the setting %s', (written, meant) => {
  expect(didYouMean(written, known)).toBe(meant);
});

test.each([
  ['Paris', 'Europe/Paris'],
  ['new york', 'America/New_York'],
  ['Europe/Pariss', 'Europe/Paris'],
  ['europe berlin', 'Europe/Berlin'],
  ['Katmandu', 'Asia/Kathmandu'],
  ['Pari', 'Europe/Paris'],
])('suggests for %s the time zone %s', (written, meant) => {
  expect(didYouMean(written, ['Asia/Kathmandu', 'America/New_York', 'Europe/Berlin', 'Europe/Paris'])).toBe(
    meant,
  );
});

test.each(['password', 'x', '', '!', 'timezone', 'u'.repeat(100_000)])(
  'suggests nothing for %.20s',
  (written) => {
    expect(didYouMean(written, known)).toBeNull();
  },
);
