import { join } from 'node:path';
import { Command } from 'commander';
import { putNamed, putSecret } from '../lib/adapters/aws/secret-vault.ts';
import { misconfigured } from '../lib/core/errors.ts';
import { keepSecret, secretsFile } from '../local/local-secrets.ts';
import { readRunning } from './local-target.ts';
import { consoleSecretOf, isOfConsole, newSessionKeyCommand } from './session-key.ts';
import { notRunning, type Target } from './target.ts';
import { act, type Cli, examples, type VerbInput, wrongUsage } from './verb.ts';

/** The name of the Dash Social token. */
const tokenName = 'dash-token';
const nameForm = /^[A-Za-z][A-Za-z\d._-]{0,63}$/;

/** The piped or typed value, which is not shown, without its last line break. */
const readValue = async ({ isPipedIn, readInput, ask }: VerbInput<unknown>['terminal'], name: string) => {
  const typed = isPipedIn ? await readInput() : await ask(`Value of ${name} (not shown): `, { hidden: true });
  const value = (typed ?? '').replace(/\r?\n$/, '');
  if (value === '') throw wrongUsage('no-value', 'The value is empty. Pipe it to standard input.');
  return value;
};

const store = async (target: Target, name: string, value: string): Promise<void> => {
  if (target.vault === null) throw notRunning(target);
  const { client, dashSecretId, inboundSecretId } = target.vault;
  if (name === tokenName) await putSecret(client, dashSecretId, value);
  else if (isOfConsole(name)) await putNamed(client, consoleSecretOf(target), name, value);
  else await putNamed(client, inboundSecretId, name, value);
};

/** On this machine inbound secrets are in a file that every start reads; `npm start` gets the token from its environment. */
const storeHere = (data: string, name: string, value: string): void => {
  if (name === tokenName)
    throw misconfigured(
      'local.token',
      'The token is not stored on this machine. Set it in DASH_SOCIAL_TOKEN when you run npm start.',
    );
  keepSecret(join(data, secretsFile), name, value);
};

const setCommand = (cli: Cli): Command =>
  new Command('set')
    .description('store a secret, read from standard input')
    .argument(
      '<name>',
      `name of the secret in feeds.yml, or ${tokenName} with --stage for the Dash Social token`,
    )
    // Accepted only to be refused without being printed: commander would print an excess argument.
    .argument('[value...]', 'not accepted, because other processes could read it')
    .addHelpText(
      'after',
      examples('secret set ghost < ghost.txt', `secret set ${tokenName} --stage prod < token.txt`),
    )
    .action(
      act(cli, async ({ args, options, target, terminal }) => {
        const [name = '', ...more] = args;
        if (more.length > 0)
          throw wrongUsage(
            'value-as-argument',
            'Pipe the value to standard input instead of passing it as an argument.',
          );
        if (!nameForm.test(name))
          throw wrongUsage(
            'secret-name',
            'The name of a secret must begin with a letter and contain only letters, digits, - _ and . (at most 64).',
          );
        const value = await readValue(terminal, name);
        const where = options.stage === undefined ? options.data : `stage ${options.stage}`;
        if (options.stage === undefined) storeHere(options.data, name, value);
        if (options.stage !== undefined || (readRunning(options.data) && !isOfConsole(name)))
          await store(await target(), name, value);
        return {
          json: { name, target: where },
          lines: (page) => [`${page.paint('green', name)} is stored for ${where} and used within 5 min.`],
        };
      }),
    );

/** `secret set NAME` and `secret new-session-key`. */
export const secretCommand = (cli: Cli): Command =>
  new Command('secret')
    .description('store secrets of webhooks, logins, alert channels and the console, and the token')
    .addCommand(setCommand(cli))
    .addCommand(newSessionKeyCommand(cli))
    .addHelpText('after', examples('secret set ghost < ghost.txt'));
