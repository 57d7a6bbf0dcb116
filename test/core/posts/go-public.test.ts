import { describe, expect, it } from 'vitest';
import {
  staleAfterOf,
  tooLateToPublish,
  tooLateToSend,
  usualStaleAfterMs,
} from '../../../lib/core/posts/go-public.ts';
import type { TikTokPost } from '../../../lib/core/posts/tiktok-post.ts';
import { postOf, rowOf } from '../../support/entries.ts';
import { webhookOf } from '../../support/hook-world.ts';

const hour = 3_600_000;
const now = Date.UTC(2026, 0, 1, 12);
const iso = (at: number) => new Date(at).toISOString();

const draft: TikTokPost = postOf('Story');
const atOnce: TikTokPost = { ...draft, status: 'AUTOPUBLISHING', auto_publish: true, media_ids: [1] };
const at = (time: number): TikTokPost => ({ ...atOnce, status: 'SCHEDULED', timestamp: iso(time) });

const codeFor = (post: TikTokPost | null, published: number | null, seenAt = now) =>
  tooLateToPublish({ post, published: published === null ? null : iso(published), seenAt }, 6 * hour, now)
    ?.code ?? null;

describe('a public post', () => {
  it.each([
    ['recent', atOnce, now - 1, null],
    ['at the age limit', atOnce, now - 6 * hour, null],
    ['just over the age limit', atOnce, now - 6 * hour - 1, 'entry.stale'],
    ['dated in the future', atOnce, now + 24 * hour, null],
    ['due in a millisecond', at(now + 1), now, null],
    ['due now', at(now), now, 'post.timestamp-passed'],
    ['due a millisecond ago', at(now - 1), now, 'post.timestamp-passed'],
    ['due in days but old', at(now + 48 * hour), now - 7 * hour, 'entry.stale'],
    ['an old draft', draft, now - 999 * hour, null],
    ['not rendered', null, now - 999 * hour, null],
  ])('is checked when %s', (_, post, published, code) => {
    expect(codeFor(post, published)).toBe(code);
  });

  it('is as old as its row if its entry has no date', () => {
    expect([codeFor(atOnce, null, now - 6 * hour), codeFor(atOnce, null, now - 6 * hour - 1)]).toEqual([
      null,
      'entry.stale',
    ]);
  });

  it('reports the limit it exceeded', () => {
    const late = tooLateToPublish({ post: atOnce, published: iso(0), seenAt: 0 }, 1.5 * hour, now);

    expect(late?.detail).toContain('stale_after allows 1.5 h');
  });
});

describe('a released entry', () => {
  const decided = (post: TikTokPost) =>
    rowOf({ post, seenAt: 0, published: null, history: [{ at: 1, state: 'queued', code: 'move.release' }] });

  it('may be of any age', () => {
    expect(tooLateToSend(decided(atOnce), 6 * hour, now)).toBeNull();
    expect(tooLateToSend(rowOf({ post: atOnce, published: null }), 6 * hour, now)?.code).toBe('entry.stale');
  });

  it('is not published at a time in the past', () => {
    expect(tooLateToSend(decided(at(now)), 6 * hour, now)?.code).toBe('post.timestamp-passed');
  });
});

describe('the age limit', () => {
  const publicly = (id: string, staleAfterMs: number) => webhookOf({ id, staleAfterMs }, { publish: 'now' });

  it.each([
    ["the webhook's setting", [publicly('a', 2 * hour)], 2 * hour],
    ['the smaller setting of two webhooks', [publicly('a', 3 * hour), publicly('b', 2 * hour)], 2 * hour],
    ['the default if no webhook publishes any more', [webhookOf({ staleAfterMs: hour })], usualStaleAfterMs],
    ['the default if there is no webhook any more', [], usualStaleAfterMs],
  ])('is %s', (_, webhooks, limit) => {
    expect(staleAfterOf(webhooks, 'newsroom')).toBe(limit);
  });
});
