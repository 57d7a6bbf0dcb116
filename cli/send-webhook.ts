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
import { ignoredWords } from './format-ignored.ts';
import { notRunning, type Target } from './target.ts';
import { act, type Cli, examples } from './verb.ts';

const timeoutMs = 15_000;

const readBody = async (file: string): Promise<Uint8Array> => {
  try {
    return await readFile(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw permanent('file.unreadable', `${file} cannot be read (${code})`, { cause });
  }
};

const webhookNamed = (webhooks: WebhookConfig[], id: string): WebhookConfig => {
  const webhook = webhooks.find((one) => one.id === id);
  if (webhook) return webhook;
  const known = webhooks.map((one) => one.id).join(', ') || 'none';
  throw permanent('webhook.unknown', `no webhook is called ${id}; there are: ${known}`);
};

/** The first of its names that has a secret; two have one while it is being changed. */
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
    `${id} has no secret under ${secretNames.join(' or ')}: ${toType(`secret set ${secretNames[0]}`, where)}`,
  );
};

type Sent = { status: number; answer: unknown };

const send = async (url: URL, headers: Record<string, string>, body: Uint8Array): Promise<Sent> => {
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body: Buffer.from(body),
    signal: AbortSignal.timeout(timeoutMs),
  });
  return { status: response.status, answer: await response.json().catch(() => null) };
};

const Answer = v.object({
  outcome: v.optional(v.string()),
  entry: v.optional(v.string()),
  reason: v.optional(v.string()),
  each: v.optional(v.array(v.object({ outcome: v.string() }))),
  error: v.optional(v.string()),
});

const isReason = (reason: string): reason is IgnoredReason => Object.hasOwn(ignoredWords, reason);
const reasonWords = (reason: string): string =>
  isReason(reason) ? `${reason}: ${ignoredWords[reason]}` : reason;

/** What receive-webhook answered, in words; it never tells a sender why, but the log beside it does. */
const wordsFor = ({ answer }: Sent, where: Where): string => {
  const { outcome, entry, reason, each, error } = v.parse(v.fallback(Answer, {}), answer);
  if (error !== undefined) return `${error}: the end of ${join(where.data ?? usualData, logFile)} says why`;
  if (each !== undefined) return `${each.length} stories: ${each.map((one) => one.outcome).join(', ')}`;
  if (entry !== undefined) return `${outcome}: ${toType(`explain ${entry}`, where)} tells more`;
  return `${outcome ?? 'answered'}${reason ? `: ${reasonWords(reason)}` : ''}`;
};

/** `send-webhook WEBHOOK FILE`: tries a webhook of this machine with a payload, signed as its sender would. */
export const sendWebhookCommand = (cli: Cli): Command =>
  new Command('send-webhook')
    .description('sign a payload with the local secret and send it to this machine, to try a mapping')
    .argument('<webhook>', 'its id in feeds.yml')
    .argument('<file>', 'the body, as the content system sends it')
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
            `${page.paint(sent.status < 300 ? 'green' : 'red', String(sent.status))} ${wordsFor(sent, opened.where)}`,
          ],
          exitCode: sent.status < 300 ? 0 : 1,
        };
      }),
    );
