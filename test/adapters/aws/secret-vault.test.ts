import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { putNamed, putSecret } from '../../../lib/adapters/aws/secret-vault.ts';
import type { AppError } from '../../../lib/core/errors.ts';
import { ourAccess } from '../../../local/embedded/access.ts';
import { type EmbeddedSecrets, startSecrets } from '../../../local/embedded/secrets.ts';

let secrets: EmbeddedSecrets;
let client: SecretsManagerClient;

beforeEach(async () => {
  secrets = await startSecrets({
    values: { token: 'old', inbound: '{"blog":"one"}', list: '["hidden"]', text: 'hidden' },
  });
  client = new SecretsManagerClient({ endpoint: secrets.endpoint, ...ourAccess(), maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await secrets.close();
});

const read = async (id: string) =>
  (await client.send(new GetSecretValueCommand({ SecretId: id }))).SecretString;
const refusal = (work: Promise<void>) =>
  work.then(
    () => null,
    (error: AppError) => error,
  );

describe('a secret', () => {
  it('replaces the previous value', async () => {
    await putSecret(client, 'token', 'new');

    expect(await read('token')).toBe('new');
  });

  it('that does not exist is named in the error, without its value', async () => {
    const error = await refusal(putSecret(client, 'nothing', 'hidden'));

    expect(error).toMatchObject({ kind: 'config', code: 'secret.missing-secret' });
    expect(error?.message).not.toContain('hidden');
  });
});

describe('a named value in a secret', () => {
  it('is added, or replaces the value of that name', async () => {
    await putNamed(client, 'inbound', 'shop', 'two');
    await putNamed(client, 'inbound', 'blog', 'three');

    expect(JSON.parse((await read('inbound')) ?? '')).toEqual({ blog: 'three', shop: 'two' });
  });

  it.each(['list', 'text'])(
    'is not stored over a %s, which is kept and not repeated in the error',
    async (id) => {
      const before = await read(id);

      const error = await refusal(putNamed(client, id, 'blog', 'one'));

      expect(error).toMatchObject({ kind: 'config', code: 'secret.malformed' });
      expect(`${error?.message} ${error?.cause}`).not.toContain('hidden');
      expect(await read(id)).toBe(before);
    },
  );

  it('can be the first value of a secret', async () => {
    const sent: unknown[] = [];
    // This is how AWS answers for a secret without a version; the emulator has no such secrets.
    const fresh = {
      send: async (command: { input: { SecretString?: string } }) => {
        sent.push(command.input.SecretString);
        if (command instanceof GetSecretValueCommand)
          throw new ResourceNotFoundException({
            message: "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
            $metadata: {},
          });
      },
    } as unknown as SecretsManagerClient;

    await putNamed(fresh, 'inbound', 'blog', 'one');

    expect(sent).toEqual([undefined, '{"blog":"one"}']);
  });
});
