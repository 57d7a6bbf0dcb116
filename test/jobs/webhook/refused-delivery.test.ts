import { describe, expect, it } from 'vitest';
import { misconfigured } from '../../../lib/core/errors.ts';
import { hookSecret, hookWorld, requestFor, webhookOf } from '../../support/hook-world.ts';
import { published } from './published-story.ts';

describe('a refused delivery', () => {
  const signedBy = (secret: string, w: ReturnType<typeof hookWorld>) =>
    requestFor(webhookOf(), published(), w.state.now, secret);

  it('is one to an unknown webhook', async () => {
    const w = hookWorld();
    const request = signedBy(hookSecret, w);

    for (const source of ['blogg', '', '__proto__', null])
      await expect(w.receive(request, source)).rejects.toMatchObject({ code: 'webhook.unknown-source' });
  });

  it('is one with another secret’s signature, and has no effect', async () => {
    const w = hookWorld();

    await expect(w.receive(signedBy('forged', w))).rejects.toMatchObject({
      kind: 'permanent',
      code: 'signature.mismatch',
    });
    expect(w.stores.ledger.rows.size).toBe(0);
    expect(w.events).toEqual([]);
  });

  it.each([
    ['missing', null],
    ['empty', ''],
    ['blank', '  '],
  ])('is any while the secret is %s, and an alert is logged', async (_, value) => {
    const w = hookWorld([webhookOf()], [{}], { secret: async () => value });

    for (const secret of [hookSecret, ' '])
      await expect(w.receive(signedBy(secret, w))).rejects.toMatchObject({
        kind: 'config',
        code: 'signature.no-secret',
      });
    expect(w.reported('webhook.no-secret')).toEqual([
      { event: 'webhook.no-secret', source: 'blog', names: ['blog'] },
      { event: 'webhook.no-secret', source: 'blog', names: ['blog'] },
    ]);
    expect(w.stores.ledger.rows.size).toBe(0);
  });

  it('is any while one of two secrets is missing', async () => {
    const two = webhookOf({ secretNames: ['blog', 'blog-next'] });
    const w = hookWorld([two], [{}], { secret: async (name) => (name === 'blog' ? hookSecret : null) });

    await expect(w.deliver(published())).rejects.toMatchObject({ code: 'signature.no-secret' });
    expect(w.reported('webhook.no-secret')).toMatchObject([{ names: ['blog-next'] }]);
  });

  it('is any while the inbound secret has no value', async () => {
    const none = misconfigured('inbound.missing-secret', 'There is no secret.');
    const w = hookWorld([webhookOf()], [{}], { secret: () => Promise.reject(none) });

    await expect(w.deliver(published())).rejects.toBe(none);
    expect(w.reported('webhook.no-secret')).toHaveLength(1);
  });
});

describe('while a secret is being changed', () => {
  /** `held` is the cached value; a request with a maximum age gets the value in `there`. */
  const changing = (held: string | null, there: string | null) => {
    const asked: (number | undefined)[] = [];
    const secret = async (_: string, maxAgeMs?: number) => {
      asked.push(maxAgeMs);
      return maxAgeMs === undefined ? held : there;
    };
    return { asked, w: hookWorld([webhookOf()], [{}], { secret }) };
  };

  it.each([
    ['in place', 'old'],
    ['by its first value', null],
  ])('%s, a delivery with the new signature is accepted at once', async (_, held) => {
    const { w } = changing(held, hookSecret);

    expect(await w.deliver(published())).toMatchObject({ outcome: 'queued' });
    expect(w.reported('webhook.no-secret')).toEqual([]);
  });

  it('a delivery that matches the cached secret reads no other', async () => {
    const { w, asked } = changing(hookSecret, 'new');

    await w.deliver(published());

    expect(asked).toEqual([undefined]);
  });

  it('a delivery that is stale or unsigned reads no other', async () => {
    const { w, asked } = changing(hookSecret, 'new');
    const stale = requestFor(webhookOf(), published(), w.state.now - 301_000);
    const { headers, ...unsigned } = requestFor(webhookOf(), published(), w.state.now);

    await expect(w.receive(stale)).rejects.toMatchObject({ code: 'signature.stale' });
    await expect(w.receive({ ...unsigned, headers: {} })).rejects.toMatchObject({
      code: 'signature.missing',
    });
    expect(asked).toEqual([undefined, undefined]);
  });

  it('both secrets are accepted when both are named', async () => {
    const two = webhookOf({ secretNames: ['blog', 'blog-next'] });
    const secret = async (name: string) => `value of ${name}`;
    const w = hookWorld([two], [{}], { secret });

    const outcomes = [];
    for (const name of two.secretNames)
      outcomes.push(
        await w.receive(
          requestFor(two, published({ id: name, link: null }), w.state.now, `value of ${name}`),
        ),
      );

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['ignored', 'ignored']);
  });
});
