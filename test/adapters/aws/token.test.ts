import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { fixedToken, secretToken } from '../../../lib/adapters/aws/token.ts';

type Reply = { SecretString?: string } | Error;

/** Secrets Manager as `secretToken` uses it, with scripted replies. */
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
  const kept: unknown[] = [];
  const source = secretToken({
    client,
    secretId: 'dash/token',
    clock: () => time.now,
    lifetimeMs: 300_000,
    onKept: (error) => kept.push(error),
  });
  return { source, asked, time, kept };
};

describe('a token from a secret', () => {
  it('is read once for concurrent requests', async () => {
    const { source, asked } = open({ SecretString: 'abc' });

    const tokens = await Promise.all(Array.from({ length: 10 }, () => source.current()));

    expect(new Set(tokens)).toEqual(new Set(['abc']));
    expect(asked).toEqual([{ SecretId: 'dash/token' }]);
  });

  it('is cached for its lifetime and no longer', async () => {
    const { source, asked, time } = open({ SecretString: 'one' }, { SecretString: 'two' });
    await source.current();

    time.now += 299_999;
    const within = await source.current();
    time.now += 1;
    const after = await source.current();

    expect([within, after, asked.length]).toEqual(['one', 'two', 2]);
  });

  it('is read again once after a 401, however many requests were refused', async () => {
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

  it('is read again after a failed read', async () => {
    const { source } = open(named('InternalServiceError'), { SecretString: 'abc' });
    await expect(source.current()).rejects.toThrow();

    expect(await source.current()).toBe('abc');
  });

  const hiccups: [string, object][] = [
    ['ThrottlingException', { $fault: 'client', $metadata: { httpStatusCode: 400 } }],
    ['InternalServiceError', { $fault: 'server', $metadata: { httpStatusCode: 500 } }],
    ['TimeoutError', { $metadata: { attempts: 3 } }],
  ];
  it.each(hiccups)(
    'stays in use for a short time while the secret cannot be read: %s',
    async (name, more) => {
      const hiccup = Object.assign(named(name), more);
      const { source, asked, time, kept } = open({ SecretString: 'one' }, hiccup, { SecretString: 'two' });
      await source.current();

      time.now += 300_000;
      const during = await source.current();
      time.now += 29_999;
      const stillKept = await source.current();
      time.now += 1;
      const after = await source.current();

      expect([during, stillKept, after, asked.length]).toEqual(['one', 'one', 'two', 3]);
      expect(kept).toMatchObject([{ kind: 'retryable' }]);
    },
  );

  it.each(hiccups)('that was never read is retryable: %s', async (name, more) => {
    const { source } = open(Object.assign(named(name), more));

    await expect(source.current()).rejects.toMatchObject({
      kind: 'retryable',
      code: expect.stringMatching(/^token\.(throttled|unreachable)$/),
    });
  });

  it('is not used any more once the secret is empty', async () => {
    const { source, time } = open({ SecretString: 'one' }, { SecretString: '' });
    await source.current();
    time.now += 300_000;

    await expect(source.current()).rejects.toMatchObject({ kind: 'config', code: 'token.missing' });
  });

  const refusal = (name: string) => Object.assign(named(name), { $fault: 'client', $metadata: {} });
  it.each([
    { reply: refusal('ResourceNotFoundException'), code: 'token.missing' },
    { reply: refusal('AccessDeniedException'), code: 'token.access-denied' },
    { reply: refusal('DecryptionFailure'), code: 'token.unreadable' },
    { reply: refusal('InvalidRequestException'), code: 'token.unreadable' },
    { reply: {}, code: 'token.missing' },
    { reply: { SecretString: 'hid den' }, code: 'token.malformed' },
  ])('is a config error, $code, for $reply', async ({ reply, code }) => {
    const { source } = open(reply);

    await expect(source.current()).rejects.toMatchObject({
      kind: 'config',
      code,
      message: expect.not.stringContaining('hid'),
    });
  });

  it('rethrows an unexpected error unchanged', async () => {
    const { source } = open(new TypeError('cannot read the length of undefined'));

    await expect(source.current()).rejects.toThrow(TypeError);
  });
});

describe('a fixed token', () => {
  it('is always the same', async () => {
    const source = fixedToken(' abc\n');

    expect([await source.current(), await source.refreshed('abc')]).toEqual(['abc', 'abc']);
  });

  it('is rejected at once when empty', () => {
    expect(() => fixedToken('')).toThrow(expect.objectContaining({ kind: 'config', code: 'token.missing' }));
  });
});
