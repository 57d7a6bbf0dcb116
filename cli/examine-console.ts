import { secretsByName } from '../lib/adapters/aws/inbound-secrets.ts';
import { consoleSecretNames } from '../lib/core/access/sign-in.ts';
import { type SignInFault, type SignInSecrets, signInFaults } from '../lib/core/access/sign-in-secrets.ts';
import type { Config } from '../lib/core/config/config.ts';
import { AppError } from '../lib/core/errors.ts';
import { toType } from '../lib/core/operator/cli-hints.ts';
import type { SecretByName } from '../lib/core/ports.ts';
import type { ExamineContext } from './examine-target.ts';
import { examine, type Finding, failed, ok } from './finding.ts';

const check = 'console';

/** A secret that was never written has none of its values. */
const orNull = (error: unknown): null => {
  if (error instanceof AppError && error.code === 'inbound.missing-secret') return null;
  throw error;
};

const readAll = async (secret: SecretByName): Promise<SignInSecrets> =>
  Object.fromEntries(
    await Promise.all(
      Object.values(consoleSecretNames).map(async (name) => [name, await secret(name).catch(orNull)]),
    ),
  );

/** Whether people can sign in to the console of a stage: judged as its own page does; no value is shown. */
export const examineConsole = async (
  { target: { vault, where }, stage, clock }: ExamineContext,
  { console }: Pick<Config, 'console'>,
): Promise<Finding[]> => {
  if (console === undefined || stage === undefined || vault === null) return [];
  const { client, consoleSecretId: secretId } = vault;
  if (secretId === null)
    return [
      failed(
        check,
        'feeds.yml has console:, but this stage has no console',
        `Deploy it: npm run deploy -- --stage ${stage}`,
      ),
    ];
  const findingOf = ({ name, wrong, remedy, command }: SignInFault): Finding =>
    failed(`${check}: ${name}`, `${wrong}, so nobody can sign in`, `${remedy}: ${toType(command, where)}`);
  return examine(check, async () => {
    const secret = secretsByName({ client, secretId, clock, lifetimeMs: 60_000 });
    const faults = signInFaults(await readAll(secret));
    return faults.length > 0
      ? faults.map(findingOf)
      : ok(check, `people sign in with ${console.oidc.issuer}`);
  });
};
