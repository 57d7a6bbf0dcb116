import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { fixedToken, secretToken } from '../../lib/adapters/token.ts';

type Reply = { SecretString?: string } | Error;

/** Secrets Manager as `secretToken` sees it: it answers when told to. */
const secrets = (...replies: Reply[]) => {
  const asked: unknown[] = [];
  const send = async (command: { input: unknown }) => {
    asked.push(command.input);
    await new Promise((resolve) => setImmediate(resolve));
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    if (reply instanceof Error) throw reply;
    return reply;
  };
  return { client: { send } as unknown as Pick<SecretsManagerClient, 'send'>, asked };
};

const named = (name: string) => Object.assign(new Error('The value hidden is no good'), { name });

const open = (...replies: Reply[]) => {
  const { client, asked } = secrets(...replies);
  const time = { now: 1_000 };
  const source = secretToken({ client, secretId: 'dash/token', clock: () => time.now, lifetimeMs: 300_000 });
  return { source, asked, time };
};

describe('the token of a secret', () => {
  it('is read once, however many ask at once', async () => {
    const { source, asked } = open({ SecretString: 'abc' });

    const tokens = await Promise.all(Array.from({ length: 10 }, () => source.current()));

    expect(new Set(tokens)).toEqual(new Set(['abc']));
    expect(asked).toEqual([{ SecretId: 'dash/token' }]);
  });

  it('is kept for its lifetime and not longer', async () => {
    const { source, asked, time } = open({ SecretString: 'one' }, { SecretString: 'two' });
    await source.current();

    time.now += 299_999;
    const within = await source.current();
    time.now += 1;
    const after = await source.current();

    expect([within, after, asked.length]).toEqual(['one', 'two', 2]);
  });

  it('is read again once after a 401, however many were refused', async () => {
    const { source, asked } = open({ SecretString: 'old' }, { SecretString: 'new' });
    const old = await source.current();

    const tokens = await Promise.all(Array.from({ length: 10 }, () => source.refreshed(old)));
    const late = await source.refreshed(old);

    expect(new Set([...tokens, late])).toEqual(new Set(['new']));
    expect(asked).toHaveLength(2);
    expect(await source.current()).toBe('new');
  });

  it('may be the same after a 401', async () => {
    const { source } = open({ SecretString: 'old' });

    expect(await source.refreshed(await source.current())).toBe('old');
  });

  it('is tried again after a reading that failed', async () => {
    const { source } = open(named('InternalServiceError'), { SecretString: 'abc' });
    await expect(source.current()).rejects.toThrow();

    expect(await source.current()).toBe('abc');
  });

  it.each([
    { reply: named('ResourceNotFoundException'), code: 'token.missing' },
    { reply: named('AccessDeniedException'), code: 'token.unreadable' },
    { reply: named('TimeoutError'), code: 'token.unreadable' },
    { reply: {}, code: 'token.missing' },
    { reply: { SecretString: 'hid den' }, code: 'token.malformed' },
  ])('is a wrong setting, $code, by $reply', async ({ reply, code }) => {
    const { source } = open(reply);

    await expect(source.current()).rejects.toMatchObject({
      kind: 'config',
      code,
      message: expect.not.stringContaining('hid'),
    });
  });
});

describe('a fixed token', () => {
  it('is always the same', async () => {
    const source = fixedToken(' abc\n');

    expect([await source.current(), await source.refreshed('abc')]).toEqual(['abc', 'abc']);
  });

  it('that is none is refused at once', () => {
    expect(() => fixedToken('')).toThrow(expect.objectContaining({ kind: 'config', code: 'token.missing' }));
  });
});
