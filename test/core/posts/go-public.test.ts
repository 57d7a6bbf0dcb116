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

describe('what is to go public', () => {
  it.each([
    ['news', atOnce, now - 1, null],
    ['just not too old', atOnce, now - 6 * hour, null],
    ['too old by a moment', atOnce, now - 6 * hour - 1, 'entry.stale'],
    ['dated in the future', atOnce, now + 24 * hour, null],
    ['due in a moment', at(now + 1), now, null],
    ['due now', at(now), now, 'post.timestamp-passed'],
    ['due a moment ago', at(now - 1), now, 'post.timestamp-passed'],
    ['due in days but old', at(now + 48 * hour), now - 7 * hour, 'entry.stale'],
    ['an old draft', draft, now - 999 * hour, null],
    ['nothing that could be rendered', null, now - 999 * hour, null],
  ])('is judged where it is %s', (_, post, published, code) => {
    expect(codeFor(post, published)).toBe(code);
  });

  it('is as old as its row where its entry has no date', () => {
    expect([codeFor(atOnce, null, now - 6 * hour), codeFor(atOnce, null, now - 6 * hour - 1)]).toEqual([
      null,
      'entry.stale',
    ]);
  });

  it('says in words what its limit was', () => {
    const late = tooLateToPublish({ post: atOnce, published: iso(0), seenAt: 0 }, 1.5 * hour, now);

    expect(late?.detail).toContain('more than 1.5 hours after its publication');
  });
});

describe('what a person has released', () => {
  const decided = (post: TikTokPost) =>
    rowOf({ post, seenAt: 0, published: null, history: [{ at: 1, state: 'queued', code: 'move.release' }] });

  it('may be of any age', () => {
    expect(tooLateToSend(decided(atOnce), 6 * hour, now)).toBeNull();
    expect(tooLateToSend(rowOf({ post: atOnce, published: null }), 6 * hour, now)?.code).toBe('entry.stale');
  });

  it('does not go public at a time that has passed', () => {
    expect(tooLateToSend(decided(at(now)), 6 * hour, now)?.code).toBe('post.timestamp-passed');
  });
});

describe('how old it may be', () => {
  const publicly = (id: string, staleAfterMs: number) => webhookOf({ id, staleAfterMs }, { publish: 'now' });

  it.each([
    ['what its webhook says', [publicly('a', 2 * hour)], 2 * hour],
    ['the least of two webhooks of its feed', [publicly('a', 3 * hour), publicly('b', 2 * hour)], 2 * hour],
    [
      'the usual, where none of them publishes any more',
      [webhookOf({ staleAfterMs: hour })],
      usualStaleAfterMs,
    ],
    ['the usual, where there is none any more', [], usualStaleAfterMs],
  ])('is %s', (_, webhooks, limit) => {
    expect(staleAfterOf(webhooks, 'newsroom')).toBe(limit);
  });
});
