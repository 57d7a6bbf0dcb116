import { secretsByName } from '../lib/adapters/aws/inbound-secrets.ts';
import type { Config } from '../lib/core/config/config.ts';
import { type NamedSecret, namedSecrets } from '../lib/core/config/named-secrets.ts';
import { toType, type Where } from '../lib/core/operator/cli-hints.ts';
import type { SecretByName } from '../lib/core/ports.ts';
import type { ExamineContext } from './examine-target.ts';
import { examine, type Finding, failed, ok, skipped } from './finding.ts';

const setCommand = (name: string, where: Where) => toType(`secret set ${name}`, where);

const examineSecret = async (
  secret: SecretByName,
  { name, usedBy }: NamedSecret,
  where: Where,
): Promise<Finding> => {
  const check = `secret ${name}`;
  const users = usedBy.join(', ');
  if ((await secret(name)) !== null) return ok(check, `stored, for ${users}`);
  return failed(check, `missing or empty, but needed by ${users}`, `Store it: ${setCommand(name, where)}`);
};

/** Whether each key of the inbound secret that feeds.yml names is stored; no value is shown. */
export const examineSecrets = async (
  { target: { vault, where }, clock }: ExamineContext,
  config: Config,
): Promise<Finding[]> => {
  const named = namedSecrets(config);
  if (named.length === 0) return [skipped('secrets', 'feeds.yml uses none')];
  if (vault === null) return [skipped('secrets', 'available only while npm start is running')];
  const { client, inboundSecretId: secretId } = vault;
  const secret = secretsByName({ client, secretId, clock, lifetimeMs: 60_000 });
  const look = () => Promise.all(named.map((one) => examineSecret(secret, one, where)));
  // A new stage has no inbound secret yet.
  return examine('secrets', look, ({ code }) =>
    code === 'inbound.missing-secret'
      ? `Store them: ${named.map(({ name }) => setCommand(name, where)).join('; ')}`
      : null,
  );
};
