import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { FeedsMessage, WakeUp } from '../../../lib/core/polling/feed-message.ts';

describe('FeedsMessage', () => {
  it.each([
    { feeds: ['newsroom'] },
    { feeds: ['newsroom', 'blog'], manual: true },
    { feeds: Array.from({ length: 20 }, (_, i) => `feed-${i}`) },
  ])('accepts %j', (message) => {
    expect(v.parse(FeedsMessage, message)).toEqual(message);
  });

  it.each([
    {},
    { feeds: [] },
    { feeds: [''] },
    { feeds: 'newsroom' },
    { feeds: ['newsroom'], manual: 'yes' },
    { feeds: Array.from({ length: 21 }, (_, i) => `feed-${i}`) },
  ])('rejects %j', (message) => {
    expect(v.is(FeedsMessage, message)).toBe(false);
  });
});

describe('WakeUp', () => {
  it.each([
    { key: 'k', brand: 144 },
    { key: 'k', brand: 144, probe: 'all' },
  ])('accepts %j', (message) => {
    expect(v.parse(WakeUp, message)).toEqual(message);
  });

  it('ignores fields that a later release may add', () => {
    expect(v.parse(WakeUp, { key: 'k', brand: 144, urgent: true })).toEqual({ key: 'k', brand: 144 });
  });

  it.each([
    { key: 'k' },
    { key: '', brand: 144 },
    { key: 'k', brand: '144' },
    { key: 'k', brand: 1.5 },
    null,
  ])('rejects %j', (message) => {
    expect(v.is(WakeUp, message)).toBe(false);
  });
});
