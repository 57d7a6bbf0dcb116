import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { examineConsole } from '../../cli/examine-console.ts';
import { pageFor } from '../../cli/page.ts';
import { consoleSecretNames, randomWord } from '../../lib/core/access/sign-in.ts';
import { ourAccess } from '../../local/embedded/access.ts';
import { type EmbeddedSecrets, startSecrets } from '../../local/embedded/secrets.ts';
import { fakeTarget } from '../support/cli.ts';
import { consoleConfigOf } from '../support/console-config.ts';

const { client: clientName, key, previousKey } = consoleSecretNames;
const stage = 'prod';

let secrets: EmbeddedSecrets;
let client: SecretsManagerClient;

beforeEach(async () => {
  secrets = await startSecrets({ values: { console: 'unset' } });
  client = new SecretsManagerClient({ endpoint: secrets.endpoint, ...ourAccess() });
});
afterEach(async () => {
  client.destroy();
  await secrets.close();
});

const findings = (
  values: Record<string, string> | null,
  given: { consoleSecretId?: string | null; console?: undefined; stage?: undefined } = {},
) => {
  const { consoleSecretId = 'console' } = given;
  if (values) secrets.put('console', JSON.stringify(values));
  const vault = { client, dashSecretId: 'dash', inboundSecretId: 'inbound', consoleSecretId };
  const target = fakeTarget({ vault, where: { stage } });
  const page = pageFor({ columns: null, color: false, clock: () => 0 }, () => 'UTC');
  const context = { target, stage, clock: () => 0, page, ...('stage' in given && { stage: undefined }) };
  return examineConsole(context, {
    console: consoleConfigOf(),
    ...('console' in given && { console: undefined }),
  } as never);
};

const whole = () => ({ [clientName]: 'a-client-secret', [key]: randomWord() });

describe('doctor, for the console of a stage,', () => {
  it('passes when its secret is complete, and shows no value', async () => {
    const values = whole();

    const found = await findings(values);

    expect(found).toMatchObject([{ check: 'console', state: 'ok' }]);
    for (const value of Object.values(values)) expect(JSON.stringify(found)).not.toContain(value);
  });

  it('accepts an empty previous key, as `secret new-session-key --sign-everyone-out` stores it', async () => {
    expect(await findings({ ...whole(), [previousKey]: '' })).toMatchObject([{ state: 'ok' }]);
  });

  it.each<[string, Record<string, string>, string[], RegExp]>([
    [
      'no client secret',
      { [key]: randomWord() },
      [clientName],
      /secret set console-client-secret --stage prod/,
    ],
    ['no session key', { [clientName]: 'x' }, [key], /secret new-session-key --stage prod/],
    [
      'a session key that is none',
      { ...whole(), [key]: 'short' },
      [key],
      /secret new-session-key --stage prod/,
    ],
    ['a bad previous key', { ...whole(), [previousKey]: 'short' }, [previousKey], /--sign-everyone-out/],
    ['nothing', {}, [clientName, key], /secret /],
  ])('fails with %s, and names the command', async (_, values, names, fix) => {
    const found = await findings(values);

    expect(found.map(({ check, state }) => [check, state])).toEqual(
      names.map((name) => [`console: ${name}`, 'failed']),
    );
    for (const one of found) expect(one.fix).toMatch(fix);
  });

  it('fails with all values when the secret has never been written', async () => {
    expect((await findings(null, { consoleSecretId: 'never-written' })).map(({ state }) => state)).toEqual([
      'failed',
      'failed',
    ]);
  });

  it('fails when the stage was deployed without it', async () => {
    expect(await findings(whole(), { consoleSecretId: null })).toMatchObject([
      { state: 'failed', fix: 'Deploy it: npm run deploy -- --stage prod' },
    ]);
  });

  it.each([{ console: undefined }, { stage: undefined }])(
    'checks nothing without one: %j',
    async (without) => {
      expect(await findings(whole(), without)).toEqual([]);
    },
  );
});
