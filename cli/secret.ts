import { join } from 'node:path';
import { Command } from 'commander';
import { putNamed, putSecret } from '../lib/adapters/aws/secret-vault.ts';
import { misconfigured } from '../lib/core/errors.ts';
import { keepSecret, secretsFile } from '../local/local-secrets.ts';
import { readRunning } from './local-target.ts';
import { notRunning, type Target } from './target.ts';
import { act, type Cli, examples, type VerbInput, wrongUsage } from './verb.ts';

/** The name under which the token of Dash Social is set. */
const tokenName = 'dash-token';
const nameForm = /^[A-Za-z][A-Za-z\d._-]{0,63}$/;

/** What is piped in, or typed where nobody else reads along; the line's end does not count. */
const readValue = async ({ isPipedIn, readInput, ask }: VerbInput<unknown>['terminal'], name: string) => {
  const typed = isPipedIn
    ? await readInput()
    : await ask(`The value of ${name} (it does not show): `, { hidden: true });
  const value = (typed ?? '').replace(/\r?\n$/, '');
  if (value === '') throw wrongUsage('no-value', 'pipe the value in: it is read from standard input');
  return value;
};

const store = async (target: Target, name: string, value: string): Promise<void> => {
  if (target.vault === null) throw notRunning(target);
  const { client, dashSecretId, inboundSecretId } = target.vault;
  if (name === tokenName) await putSecret(client, dashSecretId, value);
  else await putNamed(client, inboundSecretId, name, value);
};

/** On this machine inbound secrets lie in a file, which every start reads; the token is told to `npm start` by its environment. */
const storeHere = (data: string, name: string, value: string): void => {
  if (name === tokenName)
    throw misconfigured(
      'local.token',
      'On this machine the token is never stored: give it to npm start in DASH_SOCIAL_TOKEN.',
    );
  keepSecret(join(data, secretsFile), name, value);
};

const setCommand = (cli: Cli): Command =>
  new Command('set')
    .description('store a secret; its value is read from standard input, never from an argument')
    .argument('<name>', `a secret_name of feeds.yml; on a stage also ${tokenName}: the token of Dash Social`)
    // Taken, to be refused without being repeated: commander would print what is one too many.
    .argument('[value...]', 'never here, where every process may read it')
    .addHelpText(
      'after',
      examples('secret set ghost < ghost.txt', `secret set ${tokenName} --stage prod < token.txt`),
    )
    .action(
      act(cli, async ({ args, options, target, terminal }) => {
        const [name = '', ...more] = args;
        if (more.length > 0)
          throw wrongUsage('value-as-argument', 'the value goes to standard input, not here');
        if (!nameForm.test(name)) throw wrongUsage('secret-name', 'a name has letters, digits, - _ and .');
        const value = await readValue(terminal, name);
        const where = options.stage === undefined ? options.data : `stage ${options.stage}`;
        if (options.stage === undefined) storeHere(options.data, name, value);
        if (options.stage !== undefined || readRunning(options.data))
          await store(await target(), name, value);
        return {
          json: { name, place: where },
          lines: (page) => [
            `${page.paint('green', name)} is stored for ${where}; it is used within five minutes.`,
          ],
        };
      }),
    );

/** `secret set NAME`. */
export const secretCommand = (cli: Cli): Command =>
  new Command('secret')
    .description('secrets of webhooks, of feeds behind a login, and the token')
    .addCommand(setCommand(cli))
    .addHelpText('after', examples('secret set ghost < ghost.txt'));
