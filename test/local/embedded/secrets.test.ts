import {
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ourAccess } from '../../../local/embedded/access.ts';
import { type EmbeddedSecrets, startSecrets } from '../../../local/embedded/secrets.ts';

let secrets: EmbeddedSecrets;
let client: SecretsManagerClient;
beforeEach(async () => {
  secrets = await startSecrets({ values: { 'dash-token': 's3cret "ü"' } });
  client = new SecretsManagerClient({ endpoint: secrets.endpoint, ...ourAccess(), maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await secrets.close();
});

const read = (SecretId: string) => client.send(new GetSecretValueCommand({ SecretId }));

test('a secret is returned as stored', async () => {
  expect((await read('dash-token')).SecretString).toBe('s3cret "ü"');
});

test('a new version of a secret is returned from then on', async () => {
  secrets.put('dash-token', 'rotated');

  expect((await read('dash-token')).SecretString).toBe('rotated');
});

test('an unknown secret fails with AWS’s error name', async () => {
  await expect(read('nothing')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a client can change an existing secret, but not create one', async () => {
  const put = (SecretId: string) => client.send(new PutSecretValueCommand({ SecretId, SecretString: 'new' }));

  await put('dash-token');

  expect((await read('dash-token')).SecretString).toBe('new');
  await expect(put('nothing')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('an operation that is not emulated is refused by name', async () => {
  await expect(client.send(new ListSecretsCommand({}))).rejects.toThrow(/ListSecrets/);
});

test('a body that is not JSON is refused', async () => {
  const response = await fetch(secrets.endpoint, {
    method: 'POST',
    headers: {
      'x-amz-target': 'secretsmanager.GetSecretValue',
      authorization: `AWS4-HMAC-SHA256 Credential=${ourAccess().credentials.accessKeyId}/20260101/us-east-1/secretsmanager/aws4_request`,
    },
    body: '{',
  });

  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ __type: 'SerializationException' });
});
