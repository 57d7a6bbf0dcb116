import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { readToken } from '../../core/dash/token-text.ts';
import { AppError, misconfigured } from '../../core/errors.ts';
import type { Clock, TokenSource } from '../../core/ports.ts';
import { awsError } from './aws-error.ts';

type SecretTokenOptions = {
  client: Pick<SecretsManagerClient, 'send'>;
  /** Name or ARN of the secret. */
  secretId: string;
  clock: Clock;
  /** How long a token is used before the secret is read again. */
  lifetimeMs: number;
  /** Called with the reason when the secret cannot be read and the current token stays in use. */
  onKept?: (error: AppError) => void;
};

const missing = (secretId: string, cause: unknown) =>
  misconfigured('token.missing', `The secret ${secretId} has no token. Store the Dash Social token`, {
    cause,
  });

/** Unusual names for denied access: a disabled key, a secret that is being deleted. */
const isRefusal = (error: unknown): error is Error =>
  error instanceof Error && '$fault' in error && error.$fault === 'client';

/** AWS does not distinguish a missing secret from one without a value, and both need the same remedy. */
const asTokenError = (secretId: string, cause: unknown): unknown => {
  const error = awsError('token', 'secret', secretId, cause);
  if (error instanceof AppError)
    return error.code === 'token.missing-secret' ? missing(secretId, cause) : error;
  if (!isRefusal(error)) return error;
  const message = `The secret ${secretId} cannot be read (${error.name}): check the secret, its key and the role`;
  return misconfigured('token.unreadable', message, { cause });
};

/** How long an expired token is used before the secret is read again. */
const keptForMs = 30_000;

/**
 * The token from Secrets Manager, cached for `lifetimeMs`. Concurrent calls share one read, also after a 401. While the
 * secret can temporarily not be read (a throttle, a 5xx, a timeout), the current token stays in use and `onKept` is
 * called for each try. Throws config `token.missing`, `token.malformed`, `token.access-denied` or `token.unreadable`,
 * retryable `token.throttled` or `token.unreachable`.
 */
export const secretToken = (options: SecretTokenOptions): TokenSource => {
  const { client, secretId, clock, lifetimeMs, onKept = () => {} } = options;
  let held: { token: string; until: number } | null = null;
  let reading: Promise<string> | null = null;

  const read = async (): Promise<string> => {
    try {
      const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
      const token = readToken(SecretString);
      held = { token, until: clock() + lifetimeMs };
      return token;
    } catch (error) {
      throw asTokenError(secretId, error);
    } finally {
      reading = null;
    }
  };
  const readOnce = () => {
    reading ??= read();
    return reading;
  };
  const readOrKeep = async (): Promise<string> => {
    try {
      return await readOnce();
    } catch (error) {
      if (!held || !(error instanceof AppError && error.kind === 'retryable')) throw error;
      held = { ...held, until: clock() + keptForMs };
      onKept(error);
      return held.token;
    }
  };

  return {
    current: async () => (held && clock() < held.until ? held.token : readOrKeep()),
    refreshed: async (refused) => (held && held.token !== refused ? held.token : readOnce()),
  };
};

/** A token that never changes, for local runs. Throws config `token.missing` or `token.malformed` at once. */
export const fixedToken = (value: string): TokenSource => {
  const token = readToken(value);
  return { current: async () => token, refreshed: async () => token };
};
