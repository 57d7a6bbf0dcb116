import { LambdaClient } from '@aws-sdk/client-lambda';
import { askUrl } from '../adapters/ask-url.ts';
import { askLambda } from '../adapters/aws/ask-lambda.ts';
import type { EnrichTarget } from '../core/config/config.ts';
import type { Question } from '../core/enrich/question.ts';
import { misconfigured, permanent } from '../core/errors.ts';
import type { AskHook, Clock, SecretByName } from '../core/ports.ts';
import { signStandardWebhook } from '../webhooks/sign-standard-webhook.ts';
import { userAgent } from './user-agent.ts';

type Given = { secret: SecretByName; clock: Clock };

/** A client for each region. The hook's own limit ends a call, which is never repeated here: each try is counted. */
const clientsByRegion = () => {
  const clients = new Map<string, LambdaClient>();
  return (region: string): LambdaClient => {
    const client = clients.get(region) ?? new LambdaClient({ region, maxAttempts: 1 });
    clients.set(region, client);
    return client;
  };
};

/** Every stored secret signs, so that a hook accepts the request while one is replaced. */
const secretsOf = async (names: string[], secret: SecretByName): Promise<string[]> => {
  const values = await Promise.all(names.map((name) => secret(name)));
  const stored = values.filter((value) => value !== null);
  if (stored.length > 0) return stored;
  throw misconfigured(
    'enrich.no-secret',
    `no secret ${names.join(' or ')} is stored, which signs the requests to the hook: store it with secret set ${names[0]}`,
  );
};

const signed = async (
  { secretNames }: Extract<EnrichTarget, { kind: 'url' }>,
  { key, preview }: Question,
  body: string,
  { secret, clock }: Given,
): Promise<Record<string, string>> => {
  const id = preview ? `preview_${key}` : key;
  return signStandardWebhook({ id, body, at: clock() }, await secretsOf(secretNames, secret));
};

const parsed = (text: string): unknown => {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw permanent(
      'enrich.not-json',
      `the answer is not JSON but ${text.length} characters of something else`,
    );
  }
};

/** Asks hooks: a web address with a signed request (Standard Webhooks), or a Lambda function in any region. */
export const hooksByTarget = (given: Given): AskHook => {
  const [toUrl, toLambda] = [askUrl({ userAgent }), askLambda(clientsByRegion())];
  return async ({ target, timeoutMs }, question) => {
    const body = JSON.stringify(question);
    if (target.kind === 'lambda') return parsed(await toLambda({ arn: target.arn, body, timeoutMs }));
    const { url, allowPrivate } = target;
    const headers = await signed(target, question, body, given);
    return parsed(await toUrl({ url, allowPrivate, body, headers, timeoutMs }));
  };
};
