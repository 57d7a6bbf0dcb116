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
  it('is stored over the one before it', async () => {
    await putSecret(client, 'token', 'new');

    expect(await read('token')).toBe('new');
  });

  it('that is not there is named, and its value is not', async () => {
    const error = await refusal(putSecret(client, 'nothing', 'hidden'));

    expect(error).toMatchObject({ kind: 'config', code: 'secret.missing-secret' });
    expect(error?.message).not.toContain('hidden');
  });
});

describe('a secret among others', () => {
  it('is added, and takes the place of the one of its name', async () => {
    await putNamed(client, 'inbound', 'shop', 'two');
    await putNamed(client, 'inbound', 'blog', 'three');

    expect(JSON.parse((await read('inbound')) ?? '')).toEqual({ blog: 'three', shop: 'two' });
  });

  it.each(['list', 'text'])('is not stored over a %s, which stays and is not repeated', async (id) => {
    const before = await read(id);

    const error = await refusal(putNamed(client, id, 'blog', 'one'));

    expect(error).toMatchObject({ kind: 'config', code: 'secret.malformed' });
    expect(`${error?.message} ${error?.cause}`).not.toContain('hidden');
    expect(await read(id)).toBe(before);
  });

  it('is the first of a secret that was made and never given a value', async () => {
    const sent: unknown[] = [];
    // As AWS says it of a secret without any version; the emulator knows no such secrets.
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
