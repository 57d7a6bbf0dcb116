import { describe, expect, it } from 'vitest';
import { permanent, retryable } from '../../../lib/core/errors.ts';
import { isHostPaused, politeBatch } from '../../../lib/core/polling/polite-batch.ts';
import type { FetchFeed, FetchRequest, FetchResponse } from '../../../lib/core/ports.ts';

const ask = (url: string, more: Partial<FetchRequest> = {}): FetchRequest => ({
  url,
  validators: null,
  allowPrivate: false,
  deadlineMs: 1_000,
  ...more,
});

const UNCHANGED: FetchResponse = { kind: 'unchanged', hints: { freshUntil: null } };
const turns = async (count = 20) => {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
};

/** A fetch whose requests wait until the test releases them. */
const heldFetch = () => {
  const open: { url: string; release: () => void }[] = [];
  let asked = 0;
  const fetch: FetchFeed = ({ url }) => {
    asked += 1;
    return new Promise((resolve) => {
      const release = () => {
        open.splice(open.indexOf(visit), 1);
        resolve(UNCHANGED);
      };
      const visit = { url, release };
      open.push(visit);
    });
  };
  return { fetch, open, asked: () => asked };
};

describe('politeBatch', () => {
  it('opens one connection per host, and several hosts at once', async () => {
    const held = heldFetch();
    const fetch = politeBatch(held.fetch, { now: () => 0 });

    const responses = ['https://a.test/1', 'https://a.test/2', 'https://b.test/1'].map((url) =>
      fetch(ask(url)),
    );
    await turns();
    const first = held.open.map(({ url }) => url);
    held.open[0]?.release();
    await turns();
    const second = held.open.map(({ url }) => url);
    for (const { release } of [...held.open]) release();
    await Promise.all(responses);

    expect(first).toEqual(['https://a.test/1', 'https://b.test/1']);
    expect(second).toEqual(['https://b.test/1', 'https://a.test/2']);
  });

  it('sends the same request of two feeds only once, during and after the first', async () => {
    const held = heldFetch();
    const fetch = politeBatch(held.fetch, { now: () => 0 });

    const responses = [fetch(ask('https://a.test/')), fetch(ask('https://a.test/', { deadlineMs: 99 }))];
    await turns();
    held.open[0]?.release();
    await Promise.all(responses);
    await fetch(ask('https://a.test/'));

    expect(held.asked()).toBe(1);
  });

  it.each<[string, Partial<FetchRequest>]>([
    ['an ETag', { validators: { etag: '"1"', lastModified: null } }],
    ['a date', { validators: { etag: null, lastModified: '"1"' } }],
    ['credentials', { headers: { authorization: 'Basic eDp5' } }],
    ['private addresses allowed', { allowPrivate: true }],
    ['a forced refresh', { noCache: true }],
  ])('does not share a request with %s', async (_name, more) => {
    let asked = 0;
    const fetch = politeBatch(
      async () => {
        asked += 1;
        return UNCHANGED;
      },
      { now: () => 0 },
    );

    await Promise.all([fetch(ask('https://a.test/')), fetch(ask('https://a.test/', more))]);

    expect(asked).toBe(2);
  });

  it.each(['feed.throttled', 'feed.unavailable'])('pauses the whole host after %s', async (code) => {
    const asked: string[] = [];
    let now = 1_000;
    const fetch = politeBatch(
      async ({ url }) => {
        asked.push(url);
        if (url === 'https://a.test/1') throw retryable(code, 'not now', { retryAfterMs: 5_000 });
        return UNCHANGED;
      },
      { now: () => now },
    );

    const first = fetch(ask('https://a.test/1'));
    const second = fetch(ask('https://a.test/2'));
    const elsewhere = fetch(ask('https://b.test/1'));

    await expect(first).rejects.toMatchObject({ code, retryAfterMs: 5_000 });
    await expect(second).rejects.toMatchObject({
      kind: 'retryable',
      code: 'feed.host-paused',
      retryAfterMs: 5_000,
    });
    await expect(elsewhere).resolves.toEqual(UNCHANGED);
    expect(await Promise.all([first, second].map((response) => response.catch(isHostPaused)))).toEqual([
      false,
      true,
    ]);
    now += 5_000;
    await expect(fetch(ask('https://a.test/3'))).resolves.toEqual(UNCHANGED);
    expect(asked).not.toContain('https://a.test/2');
  });

  it('continues with a host if only one feed failed', async () => {
    const fetch = politeBatch(
      async ({ url }) => {
        if (url.endsWith('1')) throw permanent('feed.not-found', 'no');
        return UNCHANGED;
      },
      { now: () => 0 },
    );

    const [first, second] = await Promise.allSettled([
      fetch(ask('https://a.test/1')),
      fetch(ask('https://a.test/2')),
    ]);

    expect([first?.status, second?.status]).toEqual(['rejected', 'fulfilled']);
  });

  it('defers a feed that waited too long for others on its host', async () => {
    let now = 0;
    const fetch = politeBatch(
      async () => {
        now += 10_000;
        return UNCHANGED;
      },
      { now: () => now, maxWaitMs: 15_000 },
    );

    const responses = await Promise.allSettled([1, 2, 3].map((n) => fetch(ask(`https://a.test/${n}`))));

    expect(responses.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(responses[2]).toMatchObject({ reason: { code: 'feed.host-busy', retryAfterMs: 60_000 } });
  });
});
