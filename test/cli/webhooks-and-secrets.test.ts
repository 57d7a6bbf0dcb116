import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLocalTarget } from '../../cli/local-target.ts';
import { runCli } from '../../cli/program.ts';
import type { Vault } from '../../cli/target.ts';
import { runOnce } from '../../local/once.ts';
import { parseOptions } from '../../local/options.ts';
import { openStack, type Stack } from '../../local/stack.ts';
import { fakeTerminal, type Sitting } from '../support/cli.ts';

let data: string;
let stack: Stack;

const cli = async (line: string, sitting: Sitting = {}, folder = data) => {
  const terminal = fakeTerminal({ clock: Date.now, ...sitting });
  const code = await runCli([...line.split(' '), '--data', folder], terminal);
  return { code, ...terminal.heard };
};
const payload = 'local/demo/ghost-post.json';
const secrets = (folder = data) => JSON.parse(readFileSync(join(folder, 'secrets.json'), 'utf8'));

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'hooks-'));
  stack = await openStack(parseOptions(['--data', data, '--port', '0'], {}), () => {});
  await runOnce(stack);
});
afterAll(async () => {
  await stack.close();
  rmSync(data, { recursive: true });
});

describe('webhooks on this machine', () => {
  it('accept a delivery signed with the local secret, and make one draft of it', async () => {
    const first = await cli(`send-webhook newsroom-ghost ${payload}`);
    const again = await cli(`send-webhook newsroom-ghost ${payload} --json`);
    await stack.pump.untilIdle();
    const drafted = JSON.parse((await cli('list --state drafted --feed newsroom --json')).out);

    expect(first).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^200 queued\. Details: npm run -s cli -- explain \S+ --data \S+$/m),
    });
    expect(JSON.parse(again.out)).toMatchObject({ status: 200, body: { outcome: 'known' } });
    expect(
      drafted.entries.filter((one: { title: string }) => /Behind the seams/.test(one.title)),
    ).toHaveLength(1);
  });

  it('explain a result without a draft, and where to read more', async () => {
    const file = join(data, 'payload.json');
    const sendText = async (text: string) => {
      writeFileSync(file, text);
      return cli(`send-webhook newsroom-ghost ${file}`);
    };

    expect(await sendText('{}')).toMatchObject({
      code: 0,
      out: '200 ignored: other-type: its content type is not wanted: see `content_types`\n',
    });
    expect(await sendText('no JSON')).toMatchObject({
      code: 1,
      out: `400 unreadable. See the end of ${join(data, 'log.jsonl')} for the reason.\n`,
    });
  });

  it('refuse a wrong signature and an unknown path', async () => {
    const headers = { 'x-ghost-signature': `sha256=${'0'.repeat(64)}, t=${Date.now()}` };
    const post = (path: string) =>
      fetch(`${stack.siteUrl}/hooks/${path}`, { method: 'POST', body: readFileSync(payload), headers });

    expect((await post('newsroom-ghost')).status).toBe(401);
    expect((await post('unknown')).status).toBe(404);
  });

  it('are listed when the name is unknown', async () => {
    expect(await cli(`send-webhook ghost ${payload}`)).toMatchObject({
      code: 4,
      err: expect.stringContaining('Webhooks: newsroom-ghost'),
    });
    expect(await cli('send-webhook newsroom-ghost nothing.json')).toMatchObject({
      code: 4,
      err: expect.stringContaining('nothing.json cannot be read (ENOENT)'),
    });
  });
});

describe('secret new-session-key', () => {
  it('keeps the previous key, or drops it to sign everyone out', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keys-'));
    const { out } = await cli('secret new-session-key', {}, folder);
    const { 'console-session-key': first } = secrets(folder);
    await cli('secret new-session-key', {}, folder);
    const second = secrets(folder);
    const all = await cli('secret new-session-key --sign-everyone-out', {}, folder);
    const third = secrets(folder);

    expect(Buffer.from(first, 'base64url')).toHaveLength(32);
    expect(second).toMatchObject({ 'console-session-key-previous': first });
    expect(third).toMatchObject({ 'console-session-key-previous': '' });
    expect(new Set([first, second['console-session-key'], third['console-session-key']]).size).toBe(3);
    expect(out).toContain('Nobody is signed out');
    expect(all.out).toContain('Everyone is signed out');
    expect(out + all.out).not.toContain(first);
    rmSync(folder, { recursive: true });
  });
});

describe('secret set', () => {
  it('stores a piped value for the running stack and the next start, and never prints it', async () => {
    const { code, out, err } = await cli('secret set ghost', { input: 'a new secret\n' });
    const target = await openLocalTarget({ data });
    const { client, inboundSecretId } = target.vault as Vault;
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: inboundSecretId }));
    await target.close();

    expect({ code, shown: /a new secret/.test(out + err) }).toEqual({ code: 0, shown: false });
    expect(secrets()).toMatchObject({ ghost: 'a new secret' });
    expect(statSync(join(data, 'secrets.json')).mode & 0o077).toBe(0);
    expect(JSON.parse(SecretString ?? '')).toMatchObject({ ghost: 'a new secret' });
  });

  it('stores it for the next start when nothing is running', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'secrets-'));

    await cli('secret set cms', { input: 'one' }, folder);
    await cli('secret set other', { input: 'two' }, folder);

    expect(secrets(folder)).toEqual({ cms: 'one', other: 'two' });
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['secret set ghost the-value', 'x', 2, 'standard input'],
    ['secret set ghost', '\n', 2, 'Pipe it to standard input'],
    ['secret set ../ghost', 'x', 2, 'The name of a secret must begin with a letter'],
    ['secret set dash-token', 'x', 3, 'DASH_SOCIAL_TOKEN'],
  ])('refuses %j', async (line, input, code, words) => {
    expect(await cli(line, { input })).toMatchObject({ code, err: expect.stringContaining(words) });
  });

  it('does not repeat a value given as an argument', async () => {
    expect((await cli('secret set ghost the-value', { input: 'x' })).err).not.toContain('the-value');
  });

  it('does not change an invalid secrets file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
    writeFileSync(join(folder, 'secrets.json'), '[1]');

    const { code, err } = await cli('secret set cms', { input: 'hidden' }, folder);

    expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining('must be a JSON object') });
    expect(readFileSync(join(folder, 'secrets.json'), 'utf8')).toBe('[1]');
    rmSync(folder, { recursive: true });
  });
});
