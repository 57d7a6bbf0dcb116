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
  if ((await secret(name)) !== null) return ok(check, `it is there, for ${users}`);
  return failed(check, `it is missing or empty, and ${users} needs it`, setCommand(name, where));
};

/** Whether each key of the inbound secret that feeds.yml names is there; no value is shown. */
export const examineSecrets = async (
  { target: { vault, where }, clock }: ExamineContext,
  config: Config,
): Promise<Finding[]> => {
  const named = namedSecrets(config);
  if (named.length === 0) return [skipped('secrets', 'feeds.yml names none')];
  if (vault === null) return [skipped('secrets', 'they are there only while npm start runs')];
  const { client, inboundSecretId: secretId } = vault;
  const secret = secretsByName({ client, secretId, clock, lifetimeMs: 60_000 });
  const look = () => Promise.all(named.map((one) => examineSecret(secret, one, where)));
  // A stage that is new has no inbound secrets at all.
  return examine('secrets', look, ({ code }) =>
    code === 'inbound.missing-secret' ? named.map(({ name }) => setCommand(name, where)).join('; ') : null,
  );
};
