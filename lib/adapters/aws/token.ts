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
  /** Told why the secret could not be read when the token in hand is used on. */
  onKept?: (error: AppError) => void;
};

const missing = (secretId: string, cause: unknown) =>
  misconfigured(
    'token.missing',
    `There is no token in the secret ${secretId}: store the one that Dash Social gave out`,
    { cause },
  );

/** What AWS refuses by another name than the usual ones: a key that is disabled, a secret that is being deleted. */
const isRefusal = (error: unknown): error is Error =>
  error instanceof Error && '$fault' in error && error.$fault === 'client';

/** A secret that is not there and one that nothing was ever put into are the same to AWS, and need the same. */
const asTokenError = (secretId: string, cause: unknown): unknown => {
  const error = awsError('token', 'secret', secretId, cause);
  if (error instanceof AppError)
    return error.code === 'token.missing-secret' ? missing(secretId, cause) : error;
  if (!isRefusal(error)) return error;
  const message = `The secret ${secretId} cannot be read (${error.name}): check the secret, its key and the role`;
  return misconfigured('token.unreadable', message, { cause });
};

/** How long a token past its lifetime is used before the secret is asked for again. */
const keptForMs = 30_000;

/**
 * The token from Secrets Manager, kept for `lifetimeMs`. However many ask at once, one read is under way; after a
 * 401 too. While the secret cannot be read for a moment (a throttle, a 5xx, a time-out) the token in hand is used on,
 * and `onKept` is told each time it was tried. Throws config `token.missing`, `token.malformed`,
 * `token.access-denied` or `token.unreadable`, retryable `token.throttled` or `token.unreachable`.
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

/** A token that was given once and for all, on a laptop. Throws config `token.missing` or `token.malformed` at once. */
export const fixedToken = (value: string): TokenSource => {
  const token = readToken(value);
  return { current: async () => token, refreshed: async () => token };
};
