import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import * as v from 'valibot';
import { secretsByName } from '../lib/adapters/aws/inbound-secrets.ts';
import type { WebhookConfig } from '../lib/core/config/config.ts';
import { misconfigured, permanent } from '../lib/core/errors.ts';
import { toType, usualData, type Where } from '../lib/core/operator/cli-hints.ts';
import type { IgnoredReason } from '../lib/core/webhooks/webhook.ts';
import { signDelivery } from '../lib/webhooks/sign-delivery.ts';
import { logFile } from '../local/log-file.ts';
import { ignoredTexts } from './format-ignored.ts';
import { notRunning, type Target } from './target.ts';
import { act, type Cli, examples } from './verb.ts';

const timeoutMs = 15_000;

const readBody = async (file: string): Promise<Uint8Array> => {
  try {
    return await readFile(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw permanent('file.unreadable', `${file} cannot be read (${code}). Check the file name.`, { cause });
  }
};

const webhookNamed = (webhooks: WebhookConfig[], id: string): WebhookConfig => {
  const webhook = webhooks.find((one) => one.id === id);
  if (webhook) return webhook;
  const known = webhooks.map((one) => one.id).join(', ') || 'none';
  throw permanent('webhook.unknown', `There is no webhook ${id}. Webhooks: ${known}.`);
};

/** The first of its secrets that is stored; a webhook has two while a secret is being rotated. */
const secretOf = async (target: Target, { id, secretNames }: WebhookConfig, clock: () => number) => {
  const { vault, where } = target;
  if (vault === null) throw notRunning(target);
  const secret = secretsByName({ ...vault, secretId: vault.inboundSecretId, clock, lifetimeMs: 0 });
  for (const one of secretNames) {
    const value = await secret(one);
    if (value !== null) return value;
  }
  throw misconfigured(
    'webhook.no-secret',
    `No secret ${secretNames.join(' or ')} is stored for ${id}. Store it: ${toType(`secret set ${secretNames[0]}`, where)}`,
  );
};

type Sent = { status: number; body: unknown };

const send = async (url: URL, headers: Record<string, string>, body: Uint8Array): Promise<Sent> => {
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body: Buffer.from(body),
    signal: AbortSignal.timeout(timeoutMs),
  });
  return { status: response.status, body: await response.json().catch(() => null) };
};

const Response = v.object({
  outcome: v.optional(v.string()),
  entry: v.optional(v.string()),
  reason: v.optional(v.string()),
  each: v.optional(v.array(v.object({ outcome: v.string() }))),
  error: v.optional(v.string()),
});

const isReason = (reason: string): reason is IgnoredReason => Object.hasOwn(ignoredTexts, reason);
const reasonText = (reason: string): string =>
  isReason(reason) ? `${reason}: ${ignoredTexts[reason]}` : reason;

/** The response of receive-webhook. It never tells a sender the reason for an error, which is only in the log. */
const outcomeText = ({ body }: Sent, where: Where): string => {
  const { outcome, entry, reason, each, error } = v.parse(v.fallback(Response, {}), body);
  if (error !== undefined)
    return `${error}. See the end of ${join(where.data ?? usualData, logFile)} for the reason.`;
  if (each !== undefined) return `${each.length} entries: ${each.map((one) => one.outcome).join(', ')}`;
  if (entry !== undefined) return `${outcome}. Details: ${toType(`explain ${entry}`, where)}`;
  return `${outcome ?? 'no outcome'}${reason ? `: ${reasonText(reason)}` : ''}`;
};

/** `send-webhook WEBHOOK FILE`: sends a payload to a webhook on this machine, signed as by its content system. */
export const sendWebhookCommand = (cli: Cli): Command =>
  new Command('send-webhook')
    .description('sign a payload with the local secret and send it to this machine, to test a mapping')
    .argument('<webhook>', 'ID of the webhook in feeds.yml')
    .argument('<file>', 'file with the body, as the content system sends it')
    .addHelpText('after', examples('send-webhook newsroom-ghost local/demo/ghost-post.json'))
    .action(
      act(cli, async ({ args, target, progress, terminal: { clock } }) => {
        const [id = '', file = ''] = args;
        const body = await readBody(file);
        const opened = await target();
        if (opened.site === null) throw notRunning(opened);
        const webhook = webhookNamed(opened.config().webhooks, id);
        const secret = await secretOf(opened, webhook, clock);
        const path = `/hooks/${id}`;
        const signed = signDelivery(webhook, { body, secret, at: clock(), path, id: randomUUID() });
        const url = new URL(`${path}?${new URLSearchParams(signed.query)}`, opened.site);
        const sent = await progress('sending', () => send(url, signed.headers, body));
        return {
          json: sent,
          lines: (page) => [
            `${page.paint(sent.status < 300 ? 'green' : 'red', String(sent.status))} ${outcomeText(sent, opened.where)}`,
          ],
          exitCode: sent.status < 300 ? 0 : 1,
        };
      }),
    );
