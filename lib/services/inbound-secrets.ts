import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretsByName } from '../adapters/inbound-secrets.ts';
import { once } from '../core/once.ts';
import type { SecretByName } from '../core/ports.ts';
import { patience } from './patience.ts';

const secretsClient = once(() => new SecretsManagerClient(patience));

/** A secret that was changed is used at the latest after this long; whoever sees a sign of it may ask earlier. */
const lifetimeMs = 5 * 60_000;

/** The secrets of webhooks and of feeds behind a login; nothing is read yet. */
export const inboundSecrets = ({ inboundSecretId }: { inboundSecretId: string }): SecretByName =>
  secretsByName({ client: secretsClient(), secretId: inboundSecretId, clock: Date.now, lifetimeMs });
