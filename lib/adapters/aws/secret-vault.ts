import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { misconfigured } from '../../core/errors.ts';
import { isObject } from '../../core/is-object.ts';
import { awsError } from './aws-error.ts';

type Client = Pick<SecretsManagerClient, 'send'>;

const malformed = (secretId: string) =>
  misconfigured(
    'secret.malformed',
    `The secret ${secretId} is not a JSON object, so nothing can be added to it. Store {} there first.`,
  );

/** The secret exists but never had a value. */
const isEmpty = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ResourceNotFoundException' && /AWSCURRENT/.test(error.message);

const current = async (client: Client, secretId: string): Promise<string> => {
  try {
    return (await client.send(new GetSecretValueCommand({ SecretId: secretId }))).SecretString ?? '{}';
  } catch (error) {
    if (isEmpty(error)) return '{}';
    throw awsError('secret', 'secret', secretId, error);
  }
};

const objectIn = (secretId: string, text: string): object => {
  try {
    const read: unknown = JSON.parse(text);
    if (isObject(read)) return read;
  } catch {
    // Without its cause, because the parser quotes the text, which contains the secrets.
  }
  throw malformed(secretId);
};

/**
 * Stores a new value of a secret. Throws config `secret.missing-secret` and `secret.access-denied`, retryable
 * `secret.throttled` and `secret.unreachable`; none of them contains the value.
 */
export const putSecret = async (client: Client, secretId: string, value: string): Promise<void> => {
  try {
    await client.send(new PutSecretValueCommand({ SecretId: secretId, SecretString: value }));
  } catch (error) {
    throw awsError('secret', 'secret', secretId, error);
  }
};

/** The text values by name in a secret that contains a JSON object; config `secret.malformed` for anything else. */
export const readNamed = async (client: Client, secretId: string): Promise<Record<string, string>> => {
  const all = Object.entries(objectIn(secretId, await current(client, secretId)));
  return Object.fromEntries(all.filter((one): one is [string, string] => typeof one[1] === 'string'));
};

/**
 * Stores named values in a secret that contains a JSON object, and keeps its others; config `secret.malformed` if it
 * contains anything else.
 */
export const putAllNamed = async (
  client: Client,
  secretId: string,
  values: Record<string, string>,
): Promise<void> => {
  const all = objectIn(secretId, await current(client, secretId));
  await putSecret(client, secretId, JSON.stringify({ ...all, ...values }));
};

/** The same for one value. */
export const putNamed = (client: Client, secretId: string, name: string, value: string): Promise<void> =>
  putAllNamed(client, secretId, { [name]: value });
