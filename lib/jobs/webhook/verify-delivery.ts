import type { WebhookConfig } from '../../core/config/config.ts';
import { AppError } from '../../core/errors.ts';
import type { Clock, Invocation, SecretByName } from '../../core/ports.ts';
import type { Mapped, ParseDelivery, WebhookRequest } from '../../core/webhooks/webhook.ts';

type Deps = { secret: SecretByName; parseDelivery: ParseDelivery; clock: Clock };
type Secrets = (string | undefined)[];

/** The maximum age of the secrets with which a delivery is refused, because they may just have changed. */
const youngMs = 15_000;

/**
 * Verifies a request with the cached secrets, then, if these do not match, with newer ones if they differ; then
 * parses it. While a secret is missing or empty every delivery is refused, and `webhook.no-secret` names it. Throws
 * what `ParseDelivery` and `SecretByName` do.
 */
export const verifyDelivery = async (
  deps: Deps,
  webhook: WebhookConfig,
  request: WebhookRequest,
  invocation: Invocation,
): Promise<Mapped[]> => {
  const openWith = (secrets: Secrets) => deps.parseDelivery(webhook, request, secrets, deps.clock());
  const atHand = await secretsOf(deps, webhook, invocation);
  try {
    return openWith(atHand);
  } catch (error) {
    if (!isSecretTrouble(error)) throw error;
    const younger = await secretsOf(deps, webhook, invocation, youngMs);
    reportMissingPlaceholders(webhook, younger, invocation);
    if (younger.every((secret, i) => secret === atHand[i])) throw error;
    return openWith(younger);
  }
};

const secretTrouble: ReadonlySet<string> = new Set([
  'signature.mismatch',
  'signature.no-secret',
  'signature.bad-secret',
]);

const isSecretTrouble = (error: unknown): boolean =>
  error instanceof AppError && secretTrouble.has(error.code);

const secretsOf = async (
  { secret }: Deps,
  { id, secretNames }: WebhookConfig,
  invocation: Invocation,
  maxAgeMs?: number,
): Promise<Secrets> => {
  try {
    return await Promise.all(secretNames.map(async (name) => (await secret(name, maxAgeMs)) ?? undefined));
  } catch (error) {
    const isOurs = error instanceof AppError && error.kind === 'config';
    if (isOurs) invocation.report({ event: 'webhook.no-secret', source: id, names: secretNames });
    throw error;
  }
};

/** Logs the names of missing secrets, in addition to the error. */
const reportMissingPlaceholders = (
  { id, secretNames }: WebhookConfig,
  secrets: Secrets,
  invocation: Invocation,
): void => {
  const names = secretNames.filter((_, i) => !secrets[i]?.trim());
  if (names.length > 0) invocation.report({ event: 'webhook.no-secret', source: id, names });
};
