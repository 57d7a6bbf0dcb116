import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../cli/program.ts';
import type { Target } from '../../cli/target.ts';
import { readConfig } from '../../lib/config.ts';
import { ourAccess } from '../../local/embedded/access.ts';
import { startSecrets } from '../../local/embedded/secrets.ts';
import { type Sandbox, startSandbox } from '../../local/sandbox/start-sandbox.ts';
import { fakeTarget, fakeTerminal, type Sitting } from '../support/cli.ts';
import { localPublisher } from '../support/local-publisher.ts';

let sandbox: Sandbox;
let folder: string;
let file: string;
/** The environment of the commands: a token, and the sandbox instead of Dash Social. */
let env: Record<string, string>;
let target: Target;

const range = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

beforeEach(async () => {
  sandbox = await startSandbox({
    token: 'a-token',
    brands: [144, 7],
    campaigns: { 144: [12, 13], 7: range(30) },
  });
  env = { DASH_SOCIAL_TOKEN: 'a-token\n', DASH_URL: sandbox.url };
  target = fakeTarget();
  folder = mkdtempSync(join(tmpdir(), 'dash-'));
  file = join(folder, 'feeds.yml');
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await sandbox.close();
});

const cli = async (line: string, sitting: Sitting = {}) => {
  const terminal = { ...fakeTerminal({ columns: 120, ...sitting }), env };
  const code = await runCli(line.split(' '), terminal, async () => target);
  return { code, ...terminal.heard };
};
const json = async (line: string) => JSON.parse((await cli(`${line} --json`)).out);
const write = (text: string) => writeFileSync(file, text);

describe('dash', () => {
  it('lists the brands of the token by name', async () => {
    const { code, out } = await cli('dash brands');

    expect(code).toBe(0);
    expect(out).toBe('brand_id  name\n144       Brand 144\n7         Brand 7\n');
    expect(await json('dash brands')).toEqual({
      source: 'DASH_SOCIAL_TOKEN',
      brands: [
        { id: 144, name: 'Brand 144' },
        { id: 7, name: 'Brand 7' },
      ],
    });
  });

  it('lists the campaigns of each brand, or of one', async () => {
    const all = await json('dash campaigns');
    const one = await cli('dash campaigns --brand 144');

    expect(all.brands).toMatchObject([
      { id: 144, campaigns: [{ id: 12, name: 'Campaign 12' }, { id: 13 }] },
      { id: 7, campaigns: { length: 30 } },
    ]);
    expect(one.out.split('\n').slice(0, 2)).toEqual([
      'campaign  name         brand            starts      ends',
      '12        Campaign 12  144 (Brand 144)  2026-01-01  –',
    ]);
  });

  it('names the brands to choose from when another is named', async () => {
    expect(await cli('dash campaigns --brand 9')).toMatchObject({
      code: 2,
      err: 'The token may not use brand 9. It may use: 144 (Brand 144), 7 (Brand 7).\n',
    });
  });

  it('names where a token may come from when there is none', async () => {
    delete env.DASH_SOCIAL_TOKEN;

    const { code, err } = await cli('dash brands');

    expect(code).toBe(3);
    expect(err).toContain('set DASH_SOCIAL_TOKEN, start npm start, or name a deployed stage with --stage');
  });

  it('uses the secret of what is running or of a stage, and a stage rather than the environment', async () => {
    const secrets = await startSecrets({ values: { dash: 'its-token', inbound: '{}' } });
    const client = new SecretsManagerClient({ endpoint: secrets.endpoint, ...ourAccess() });
    const vault = { client, dashSecretId: 'dash', inboundSecretId: 'inbound', consoleSecretId: null };
    target = fakeTarget({ vault, dashUrl: sandbox.url, name: 'stage prod' });
    sandbox.setTokens(['its-token']);

    try {
      expect(await json('dash brands --stage prod')).toMatchObject({ source: 'stage prod' });
      delete env.DASH_SOCIAL_TOKEN;
      expect(await json('dash brands')).toMatchObject({ source: 'stage prod' });
    } finally {
      client.destroy();
      await secrets.close();
    }
  });

  it.each([
    ['dash brands', 'self'],
    ['dash campaigns', 'library'],
  ] as const)('%s never prints the token, also when Dash Social refuses it', async (line, on) => {
    sandbox.fail({ kind: 'unauthorized-401', on });

    const { code, out, err } = await cli(line);

    expect(code).not.toBe(0);
    expect(err).toBe('Dash Social refuses the token.\n');
    expect(out + err).not.toContain('a-token');
  });
});

const feeds = `
defaults: { brand_id: 144, post: { branded_content_type: promoted, campaign_ids: [12] } }
feeds:
  newsroom: { url: https://www.example.com/a }
  shop: { url: https://www.example.com/b, brand_id: 7, post: { campaign_ids: [30], content_tag_ids: [5] } }
`;

describe('docs/dash-social.md', () => {
  const page = readFileSync(new URL('../../docs/dash-social.md', import.meta.url), 'utf8');
  const [, example = ''] = /^```yaml\n([\s\S]*?)^```/m.exec(page) ?? [];
  const lines = [...page.matchAll(/^npm run -s cli -- (.*)$/gm)].map(([, line = '']) => line);

  it.each(lines)('has a command that works: %s', async (line) => {
    write(example);

    expect(await cli(`${line} --config ${file}`)).toMatchObject({ code: 0, err: '' });
  });
});

describe('check --live', () => {
  it('shows the names of the brands and campaigns in the file', async () => {
    write(feeds);

    const { code, out } = await cli(`check --live --config ${file}`);

    expect(code).toBe(0);
    expect(out).toContain(
      [
        'In Dash Social:',
        '  ✓ brand 144 (Brand 144)',
        '  ✓ brand 7 (Brand 7)',
        '  ✓ campaign 12 (Campaign 12)',
        '  ✓ campaign 30 (Campaign 30)',
        '  · content tags 5: not checked, because Dash Social documents no list of tags',
      ].join('\n'),
    );
  });

  it('ends with 1 for a brand or campaign that does not exist', async () => {
    write(feeds.replace('[12]', '[31]').replace('brand_id: 7', 'brand_id: 9'));

    const { code, out } = await cli(`check --live --config ${file}`);

    expect(code).toBe(1);
    expect(out).toContain(
      '✗ brand the token may not use 9; it may use 144 (Brand 144), 7 (Brand 7). Correct brand_id in feeds.yml.',
    );
    expect(out).toContain(
      '✗ campaign brand 144 has no campaign 31; it has 12 (Campaign 12), 13 (Campaign 13). Correct campaign_ids in feeds.yml.',
    );
    expect(await json(`check --live --config ${file}`)).toMatchObject({
      ok: false,
      live: expect.arrayContaining([expect.objectContaining({ check: 'brand', state: 'failed' })]),
    });
  });

  it('ends with 1 when Dash Social does not answer', async () => {
    write(feeds);
    sandbox.fail({ kind: 'unavailable-503', on: 'library' });

    const { code, out } = await cli(`check --live --config ${file}`);

    expect(code).toBe(1);
    expect(out).toContain('✗ campaigns Dash Social returned 503');
  });

  it('is not asked for without --live', async () => {
    write(feeds);

    expect((await cli(`check --config ${file}`)).out).not.toContain('In Dash Social');
    expect(sandbox.requests()).toEqual([]);
  });
});

describe('init', () => {
  const rss = '<rss version="2.0"><channel><title>News</title><item><guid>1</guid></item></channel></rss>';
  const init = async (sitting: Sitting) => {
    await using site = await localPublisher((_, response) => response.end(rss));
    const asked: string[] = [];
    const terminal = { ...fakeTerminal({ clock: Date.now, ...sitting }), env };
    const { ask } = terminal;
    terminal.ask = async (question, how) => {
      asked.push(question);
      return ask(question, how);
    };
    const line = `init --url ${site.origin} --config ${file}`;
    const code = await runCli(line.split(' '), terminal, async () => target);
    return { code, asked, ...terminal.heard };
  };
  const brandIn = () => readConfig(readFileSync(file, 'utf8'), 'feeds.yml').feeds[0]?.brandId;

  it('offers the brands of the token', async () => {
    const { code, asked } = await init({ answers: ['7', '', ''] });

    expect(code).toBe(0);
    expect(asked[0]).toBe('ID of your brand in Dash Social (144 (Brand 144), 7 (Brand 7)): ');
    expect(brandIn()).toBe(7);
  });

  it('takes the only brand of the token for an empty answer', async () => {
    await sandbox.close();
    sandbox = await startSandbox({ token: 'a-token', brands: [8] });
    env = { ...env, DASH_URL: sandbox.url };

    await init({ answers: ['', '', ''] });

    expect(brandIn()).toBe(8);
  });

  it('asks for a number when the brands cannot be listed', async () => {
    sandbox.setTokens([]);

    const { asked, err } = await init({ answers: ['9', '', ''] });

    expect(err).toBe('The brands could not be listed: Dash Social refuses the token.\n');
    expect(asked[0]).toBe('ID of your brand in Dash Social (a number): ');
    expect(brandIn()).toBe(9);
  });
});
