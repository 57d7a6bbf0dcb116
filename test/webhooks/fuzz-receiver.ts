import fc from 'fast-check';
import { vi } from 'vitest';
import { receiveWebhook } from '../../lib/jobs/webhook/receive-webhook.ts';
import { httpHandler } from '../../lib/lambda/http-handler.ts';
import { httpEvent } from '../../local/http-event.ts';
import { hookWorld } from '../support/hook-world.ts';
import { lambdaContext } from '../support/lambda-context.ts';
import { takePrinted } from '../support/printed.ts';
import { now, payloadOf, requestOf, webhookFrom } from './delivery.ts';
import { type Signer, signers } from './signers.ts';

/** Part of every body, header and address that is sent; it must not appear in any output. */
const CANARY = 'qzcanaryqz';

const scenarios = ['signed', 'spoilt body', 'foreign secret', 'stale', 'unsigned', 'other path'] as const;
type Scenario = (typeof scenarios)[number];

/** Replaces one value in a payload by an arbitrary string. */
const bent = (value: unknown, strange: string, at: { left: number }): unknown => {
  if (Array.isArray(value)) return value.map((item) => bent(item, strange, at));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, bent(item, strange, at)]));
  at.left -= 1;
  return at.left === 0 ? `${CANARY}${strange}` : value;
};

const bodyFor = (signer: Signer) =>
  fc.oneof(
    fc
      .tuple(fc.integer({ min: 1, max: 30 }), fc.string({ maxLength: 30 }))
      .map(([left, strange]) => JSON.stringify(bent(payloadOf(signer.from), strange, { left }))),
    fc.json({ maxDepth: 4 }).map((json) => `{"${CANARY}":${json}}`),
    fc.string({ unit: 'binary' }).map((text) => `${CANARY}${text.toWellFormed()}`),
    fc.integer({ min: 1, max: 400 }).map((depth) => `${'['.repeat(depth)}"${CANARY}"${']'.repeat(depth)}`),
  );

const provesTheBody = (signer: Signer) =>
  !['bearer token', 'secret in a header', 'basic', 'secret in the query'].includes(signer.way);

/** Whether the request can only be sent with the secret. */
const isAuthentic = (scenario: Scenario, signer: Signer): boolean =>
  scenario === 'signed' ||
  (scenario === 'spoilt body' && !provesTheBody(signer)) ||
  (scenario === 'stale' && !signer.timed);

const demand = (fine: boolean, what: string, got: unknown) => {
  if (!fine) throw new Error(`${what}: ${JSON.stringify(got)}`);
};

type Sent = { signer: Signer; body: string; scenario: Scenario; base64: boolean; junk: string };

const requestFor = async ({ signer, body, scenario, junk }: Sent, id: string) => {
  const [first, second] = signer.secrets;
  const at = scenario === 'stale' ? now - 301_000 : now;
  const secret = scenario === 'foreign secret' ? second : first;
  const proven = scenario === 'unsigned' ? {} : await signer.sign(body, secret, at);
  return requestOf(scenario === 'spoilt body' ? `${body} ` : body, {
    path: scenario === 'other path' ? `/hooks/${CANARY}` : `/hooks/${id}`,
    query: proven.query ?? {},
    headers: {
      'x-canary': CANARY,
      ...(scenario === 'unsigned' &&
        Object.fromEntries(signer.headers.map((name) => [name, `${CANARY}${junk}`]))),
      ...proven.headers,
    },
  });
};

/** Sends one request through handler and job to a new receiver; returns its response, effects and output. */
const deliver = async (sent: Sent) => {
  const { signer } = sent;
  const id = 'blog';
  const webhook = { ...webhookFrom(signer.from, signer.options), id };
  const w = hookWorld([webhook], [], { secret: async () => signer.secrets[0], clock: () => now });
  const handler = httpHandler(receiveWebhook, () => w.receiver);
  const event = httpEvent(await requestFor(sent, id), { base64: sent.base64 });
  const printed = takePrinted();
  try {
    const { statusCode, body = '' } = await handler(event, lambdaContext());
    const text = printed.text();
    return {
      statusCode,
      body,
      text,
      rows: w.stores.ledger.rows.size,
      wakeUps: w.stores.queues.wakeUps.length,
    };
  } finally {
    vi.restoreAllMocks();
  }
};

/**
 * Sends requests for every source through the whole receiver. Every response is below 500; requests that are
 * not authentic get a 401, 404 or 413 and have no effect; and no part of body, headers or address is logged
 * or returned.
 */
export const fuzzReceiver = (numRuns: number) =>
  fc.assert(
    fc.asyncProperty(
      fc
        .constantFrom(...signers)
        .chain((signer) => fc.record({ signer: fc.constant(signer), body: bodyFor(signer) })),
      fc.constantFrom(...scenarios),
      fc.boolean(),
      fc.string(),
      async ({ signer, body }, scenario, base64, junk) => {
        const got = await deliver({ signer, body, scenario, base64, junk });

        const what = `${signer.from}, ${signer.way}, ${scenario}`;
        demand(got.statusCode < 500, `${what}: failed`, got);
        demand(!got.text.includes(CANARY) && !got.body.includes(CANARY), `${what}: leaked input`, got);
        demand(
          !signer.secrets.some((secret) => got.text.includes(secret)),
          `${what}: leaked a secret`,
          got.body,
        );
        if (isAuthentic(scenario, signer))
          demand([200, 400].includes(got.statusCode), `${what}: not read`, got);
        else {
          demand([401, 404].includes(got.statusCode), `${what}: not refused`, got);
          demand(got.rows + got.wakeUps === 0, `${what}: had an effect`, got);
        }
      },
    ),
    { numRuns },
  );
