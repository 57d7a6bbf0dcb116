import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../../cli/program.ts';
import { parseOptions } from '../../local/options.ts';
import { openStack, type Stack } from '../../local/stack.ts';
import { fakeTerminal } from '../support/cli.ts';

let data: string;
let stack: Stack;
beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'deliveries-'));
  stack = await openStack(parseOptions(['--data', data, '--port', '0'], {}), () => {});
});
afterAll(async () => {
  await stack.close();
  rmSync(data, { recursive: true });
});

const cli = async (line: string) => {
  const terminal = fakeTerminal({ clock: Date.now });
  await runCli([...line.split(' '), '--data', data], terminal);
  return terminal.heard.out;
};
const payload = 'local/demo/ghost-post.json';

it('status shows the outcomes of deliveries, and a refused one after accepted ones is no problem', async () => {
  const empty = join(data, 'empty.json');
  writeFileSync(empty, '{}');
  for (const file of [payload, payload, empty]) await cli(`send-webhook newsroom-ghost ${file}`);
  const headers = { 'x-ghost-signature': `sha256=${'0'.repeat(64)}, t=${Date.now()}` };
  await fetch(`${stack.siteUrl}/hooks/newsroom-ghost`, {
    method: 'POST',
    body: readFileSync(payload),
    headers,
  });

  const { webhooks } = JSON.parse(await cli('status --json'));
  const { checks } = JSON.parse(await cli('doctor --json'));

  const { latest } = webhooks.find(({ id }: { id: string }) => id === 'newsroom-ghost');
  expect(latest.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
    'refused',
    'ignored',
    'known',
    'queued',
  ]);
  expect(checks.map(({ check }: { check: string }) => check)).not.toContain(
    'Webhook newsroom-ghost is not accepting deliveries',
  );
});
