import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { misconfigured } from '../../core/errors.ts';
import { isObject } from '../../core/is-object.ts';
import type { Clock, SecretByName } from '../../core/ports.ts';
import { awsError } from './aws-error.ts';

type SecretsByNameOptions = {
  client: Pick<SecretsManagerClient, 'send'>;
  /** Name or ARN of the secret that contains all values: one JSON object, name → value. */
  secretId: string;
  clock: Clock;
  /** How long the values are cached. */
  lifetimeMs: number;
};

type Values = ReadonlyMap<string, unknown>;

const malformed = (secretId: string, what: string) =>
  misconfigured(
    'inbound.malformed',
    `The secret ${secretId} ${what}: store one JSON object, for example {"ghost": "…"}`,
  );

const readJson = (secretId: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // Without its cause, because the parser quotes the text, which contains the secrets.
    throw malformed(secretId, 'cannot be read as JSON');
  }
};

const valuesIn = (secretId: string, text: string): Values => {
  const read = readJson(secretId, text);
  if (!isObject(read)) throw malformed(secretId, 'is JSON, but no object');
  return new Map(Object.entries(read));
};

/**
 * Values by name from one secret in Secrets Manager, cached for `lifetimeMs`. Concurrent calls share one read; a failed
 * one is not cached. Throws config `inbound.missing-secret`, `inbound.access-denied`, `inbound.malformed`, and
 * retryable `inbound.throttled`, `inbound.unreachable`; none of them contains a value.
 */
export const secretsByName = ({
  client,
  secretId,
  clock,
  lifetimeMs,
}: SecretsByNameOptions): SecretByName => {
  let held: { values: Values; readAt: number } | null = null;
  let reading: Promise<Values> | null = null;

  const read = async (): Promise<Values> => {
    const readAt = clock(); // a change during the read may be missing from the response
    try {
      const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
      const values = valuesIn(secretId, SecretString);
      held = { values, readAt };
      return values;
    } catch (error) {
      throw awsError('inbound', 'secret', secretId, error);
    } finally {
      reading = null;
    }
  };
  const readOnce = () => {
    reading ??= read();
    return reading;
  };

  return async (name, maxAgeMs = lifetimeMs) => {
    const values = held && clock() - held.readAt < maxAgeMs ? held.values : await readOnce();
    const value = values.get(name);
    return typeof value === 'string' && value.trim() !== '' ? value : null;
  };
};
