import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { jweSeal } from '../../../lib/adapters/sign-in/seal.ts';

const key = () => randomBytes(32).toString('base64url');
const [one, other] = [key(), key()];
let now = 1_800_000_000_000;
const openSeal = jweSeal(() => now);
const minute = 60_000;

describe('a sealed value', () => {
  it('opens with its key and purpose, until it expires', async () => {
    const { seal, open } = openSeal([one]);
    const text = await seal('session', { a: 'secret' }, minute);

    expect(text).not.toContain('secret');
    expect(await open('session', text)).toEqual({ a: 'secret' });
    now += 59_000;
    expect(await open('session', text)).toEqual({ a: 'secret' });
    now += 2_000;
    expect(await open('session', text)).toBe(null);
  });

  it('opens with the previous key, too, and is sealed with the first', async () => {
    const text = await openSeal([one]).seal('session', { a: 1 }, minute);
    const renewed = await openSeal([other, one]).seal('session', { a: 2 }, minute);

    expect(await openSeal([other, one]).open('session', text)).toEqual({ a: 1 });
    expect(await openSeal([other]).open('session', renewed)).toEqual({ a: 2 });
    expect(await openSeal([other]).open('session', text)).toBe(null);
  });

  it('opens for no other purpose, and not when a character has changed', async () => {
    const { seal, open } = openSeal([one]);
    const text = await seal('sign-in', { a: 1 }, minute);

    expect(await open('session', text)).toBe(null);
    for (const at of [3, text.length - 9, text.length - 30])
      expect(
        await open('sign-in', `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`),
      ).toBe(null);
  });

  it.each(['', 'short', Buffer.alloc(31).toString('base64url')])('needs 32 bytes, not %j', (given) => {
    expect(() => openSeal([given])).toThrow(/must be 32 bytes in base64url/);
    expect(() => openSeal([given])).not.toThrow(/short/);
  });
});
