import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AppError, misconfigured } from '../core/errors.ts';
import type { Clock, TokenSource } from '../core/ports.ts';
import { readToken } from '../core/token-text.ts';

export type SecretTokenOptions = {
  client: Pick<SecretsManagerClient, 'send'>;
  /** Name or ARN of the secret. */
  secretId: string;
  clock: Clock;
  /** How long a token is used before the secret is read again. */
  lifetimeMs: number;
};

const unreadable = (secretId: string, cause: unknown): AppError => {
  if (cause instanceof AppError) return cause;
  const name = cause instanceof Error ? cause.name : 'unknown error';
  return name === 'ResourceNotFoundException'
    ? misconfigured(
        'token.missing',
        `There is no secret ${secretId}: create it with the token as its value`,
        {
          cause,
        },
      )
    : misconfigured(
        'token.unreadable',
        `The secret ${secretId} cannot be read (${name}): check role and key`,
        {
          cause,
        },
      );
};

/**
 * The token from Secrets Manager, kept for `lifetimeMs`. However many ask at once, one read is under way; after a
 * 401 too. Throws config `token.missing`, `token.malformed` or `token.unreadable`.
 */
export const secretToken = ({ client, secretId, clock, lifetimeMs }: SecretTokenOptions): TokenSource => {
  let held: { token: string; until: number } | null = null;
  let reading: Promise<string> | null = null;

  const read = async (): Promise<string> => {
    try {
      const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
      const token = readToken(SecretString);
      held = { token, until: clock() + lifetimeMs };
      return token;
    } catch (error) {
      throw unreadable(secretId, error);
    } finally {
      reading = null;
    }
  };
  const readOnce = () => {
    reading ??= read();
    return reading;
  };

  return {
    current: async () => (held && clock() < held.until ? held.token : readOnce()),
    refreshed: async (refused) => (held && held.token !== refused ? held.token : readOnce()),
  };
};

/** A token that was given once and for all, on a laptop. Throws config `token.missing` or `token.malformed` at once. */
export const fixedToken = (value: string): TokenSource => {
  const token = readToken(value);
  return { current: async () => token, refreshed: async () => token };
};
