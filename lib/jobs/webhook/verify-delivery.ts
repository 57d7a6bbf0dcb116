import { AppError } from '../../core/errors.ts';
import type { Call, Clock, SecretByName } from '../../core/ports.ts';
import type { Mapped, ParseDelivery, WebhookConfig, WebhookRequest } from '../../core/webhooks/webhook.ts';

type Needs = { secret: SecretByName; parseDelivery: ParseDelivery; clock: Clock };
type Secrets = (string | undefined)[];

/** How old the secrets may be by which a delivery is refused: somebody may just have changed them. */
const youngMs = 15_000;

/**
 * Proves a request by the secrets at hand, then, when these do not do and there are others by now, by those; then
 * reads it. While a secret is missing or empty every delivery is refused, and `webhook.no-secret` says which.
 * Throws what `ParseDelivery` and `SecretByName` do.
 */
export const verifyDelivery =
  (services: Needs) =>
  async (webhook: WebhookConfig, request: WebhookRequest, call: Call): Promise<Mapped[]> => {
    const openWith = (secrets: Secrets) =>
      services.parseDelivery(webhook, request, secrets, services.clock());
    const atHand = await secretsOf(services, webhook, call);
    try {
      return openWith(atHand);
    } catch (error) {
      if (!isSecretTrouble(error)) throw error;
      const younger = await secretsOf(services, webhook, call, youngMs);
      tellOfHoles(webhook, younger, call);
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
  { secret }: Needs,
  { id, secretNames }: WebhookConfig,
  call: Call,
  maxAgeMs?: number,
): Promise<Secrets> => {
  try {
    return await Promise.all(secretNames.map(async (name) => (await secret(name, maxAgeMs)) ?? undefined));
  } catch (error) {
    const isOurs = error instanceof AppError && error.kind === 'config';
    if (isOurs) call.report({ event: 'webhook.no-secret', source: id, names: secretNames });
    throw error;
  }
};

/** Whoever has to mend it is told by name, beside the error itself. */
const tellOfHoles = ({ id, secretNames }: WebhookConfig, secrets: Secrets, call: Call): void => {
  const names = secretNames.filter((_, i) => !secrets[i]?.trim());
  if (names.length > 0) call.report({ event: 'webhook.no-secret', source: id, names });
};
