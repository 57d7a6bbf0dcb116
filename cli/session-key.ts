import { join } from 'node:path';
import { Command } from 'commander';
import { putAllNamed, readNamed } from '../lib/adapters/aws/secret-vault.ts';
import { consoleSecretNames, randomWord } from '../lib/core/access/sign-in.ts';
import { misconfigured } from '../lib/core/errors.ts';
import { keepSecret, secretIn, secretsFile } from '../local/local-secrets.ts';
import { notRunning, type Target } from './target.ts';
import { act, type Cli, examples } from './verb.ts';

/** Whether a secret belongs to the console, which has one of its own on AWS. */
export const isOfConsole = (name: string): boolean =>
  Object.values<string>(consoleSecretNames).includes(name);

/** Throws config `stage.no-console`. */
export const consoleSecretOf = (target: Target): string => {
  const id = target.vault?.consoleSecretId ?? null;
  if (id !== null) return id;
  throw misconfigured(
    'stage.no-console',
    `${target.name} has no console. Add console: to feeds.yml, and deploy.`,
  );
};

/** The current key becomes the previous one, which still opens sessions; or is dropped, which ends them all. */
const renewed = (current: string | null, isKept: boolean): Record<string, string> => {
  const { key, previousKey } = consoleSecretNames;
  return { [key]: randomWord(), [previousKey]: isKept && current !== null ? current : '' };
};

const renewHere = async (data: string, isKept: boolean): Promise<void> => {
  const file = join(data, secretsFile);
  const current = await secretIn(file)(consoleSecretNames.key);
  for (const [name, value] of Object.entries(renewed(current, isKept))) keepSecret(file, name, value);
};

const renewThere = async (target: Target, isKept: boolean): Promise<void> => {
  if (target.vault === null) throw notRunning(target);
  const { client } = target.vault;
  const secretId = consoleSecretOf(target);
  const { [consoleSecretNames.key]: current = null } = await readNamed(client, secretId);
  await putAllNamed(client, secretId, renewed(current, isKept));
};

type Options = { signEveryoneOut?: boolean };

/** `secret new-session-key`. */
export const newSessionKeyCommand = (cli: Cli): Command =>
  new Command('new-session-key')
    .description(
      'make a new key for the sessions of the console; existing sessions stay valid until they end',
    )
    .option('--sign-everyone-out', 'end all sessions of the console')
    .addHelpText(
      'after',
      examples(
        'secret new-session-key --stage prod',
        'secret new-session-key --stage prod --sign-everyone-out',
      ),
    )
    .action(
      act<Options>(cli, async ({ options, target }) => {
        const isKept = options.signEveryoneOut !== true;
        if (options.stage === undefined) await renewHere(options.data, isKept);
        else await renewThere(await target(), isKept);
        const where = options.stage === undefined ? options.data : `stage ${options.stage}`;
        const effect = isKept ? 'Nobody is signed out.' : 'Everyone is signed out.';
        return {
          json: { target: where, signedOut: !isKept },
          lines: () => [`A new session key is stored for ${where} and used within 5 min. ${effect}`],
        };
      }),
    );
