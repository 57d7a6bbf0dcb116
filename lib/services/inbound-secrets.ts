import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretsByName } from '../adapters/aws/inbound-secrets.ts';
import type { SecretByName } from '../core/ports.ts';
import { type ClientTimeouts, clientsBy } from './aws-client-config.ts';

const secretsClient = clientsBy((patience) => new SecretsManagerClient(patience));

/** A changed secret is used after this time at the latest; callers may request a newer one. */
const lifetimeMs = 5 * 60_000;

/** The secrets of webhooks and of feeds with a login; nothing is read yet. */
export const inboundSecrets = (
  { inboundSecretId }: { inboundSecretId: string },
  timeouts?: ClientTimeouts,
): SecretByName =>
  secretsByName({ client: secretsClient(timeouts), secretId: inboundSecretId, clock: Date.now, lifetimeMs });
