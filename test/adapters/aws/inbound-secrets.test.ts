import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { secretsByName } from '../../../lib/adapters/aws/inbound-secrets.ts';

type Reply = string | Error;

const lifetimeMs = 300_000;

/** Secrets Manager returns the next reply to each request, and repeats the last one. */
const open = (...replies: Reply[]) => {
  const asked: unknown[] = [];
  const send = async (command: { input: unknown }) => {
    asked.push(command.input);
    await new Promise((resolve) => setImmediate(resolve));
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    if (reply instanceof Error) throw reply;
    return { SecretString: reply };
  };
  const client = { send } as unknown as Pick<SecretsManagerClient, 'send'>;
  const time = { now: 1_000 };
  const secret = secretsByName({ client, secretId: 'inbound', clock: () => time.now, lifetimeMs });
  return { secret, asked, time };
};

const awsSays = (name: string, more: object = {}) =>
  Object.assign(new Error('no'), { name, $fault: 'client', $metadata: {}, ...more });

describe('inbound secret values', () => {
  it('are read once for concurrent requests', async () => {
    const { secret, asked } = open('{"ghost":"boo","github":"octo"}');

    const values = await Promise.all(['ghost', 'github', 'ghost'].map((name) => secret(name)));

    expect(values).toEqual(['boo', 'octo', 'boo']);
    expect(asked).toEqual([{ SecretId: 'inbound' }]);
  });

  it('are cached for their lifetime and no longer', async () => {
    const { secret, asked, time } = open('{"ghost":"old"}', '{"ghost":"new"}');
    await secret('ghost');

    time.now += lifetimeMs - 1;
    const within = await secret('ghost');
    time.now += 1;
    const after = await secret('ghost');

    expect([within, after, asked.length]).toEqual(['old', 'new', 2]);
  });

  it('are read again earlier when a caller asks for a younger value', async () => {
    const { secret, asked, time } = open('{"ghost":"old"}', '{"ghost":"new"}');
    await secret('ghost');

    time.now += 9_999;
    const young = await secret('ghost', 10_000);
    time.now += 1;
    const renewed = await secret('ghost', 10_000);

    expect([young, renewed, await secret('ghost'), asked.length]).toEqual(['old', 'new', 'new', 2]);
  });

  it.each([
    ['is not there', '{"github":"octo"}'],
    ['is empty', '{"ghost":""}'],
    ['is blank', '{"ghost":" \\n"}'],
    ['is not a string', '{"ghost":123}'],
    ['is only inherited', '{}'],
  ])('are null when the value %s', async (_, stored) => {
    const { secret } = open(stored);

    expect([await secret('ghost'), await secret('toString'), await secret('__proto__')]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it.each([
    ['invalid JSON', '{"ghost": boo-hidden}'],
    ['a string', '"boo-hidden"'],
    ['a list', '["boo-hidden"]'],
    ['empty', ''],
  ])('are rejected as malformed when the secret is %s, without exposing it', async (_, stored) => {
    const { secret } = open(stored);

    const error = await secret('ghost').catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ kind: 'config', code: 'inbound.malformed' });
    expect(JSON.stringify([error, String(error), String((error as Error).cause)])).not.toContain('hidden');
  });

  it.each([
    ['ResourceNotFoundException', {}, 'config', 'inbound.missing-secret'],
    ['AccessDeniedException', {}, 'config', 'inbound.access-denied'],
    ['ThrottlingException', {}, 'retryable', 'inbound.throttled'],
    ['InternalServiceError', { $fault: 'server' }, 'retryable', 'inbound.unreachable'],
  ])(
    'report %s with its kind and code, and are requested again next time',
    async (name, more, kind, code) => {
      const { secret } = open(awsSays(name, more), '{"ghost":"boo"}');

      const error = await secret('ghost').catch((thrown: unknown) => thrown);

      expect(error).toMatchObject({ kind, code });
      expect(await secret('ghost')).toBe('boo');
    },
  );
});
