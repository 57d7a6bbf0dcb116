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

/** Stands in every body, header and address that is sent: it may stand in nothing that we print. */
const CANARY = 'qzcanaryqz';

const scenarios = ['signed', 'spoilt body', 'foreign secret', 'stale', 'unsigned', 'other path'] as const;
type Scenario = (typeof scenarios)[number];

/** Wherever a text may stand in a payload, a strange one. */
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

/** Whether nobody who lacks the secret could have sent this. */
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

/** One request through handler, job and door, to a receiver of its own: its answer, its effect and what it printed. */
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
 * Requests to every source through the whole receiver. Whatever comes is answered below 500; what is not authentic
 * with 401, 404 or 413, without any effect; and nothing of body, headers or address is printed or answered.
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
        demand(!got.text.includes(CANARY) && !got.body.includes(CANARY), `${what}: told too much`, got);
        demand(
          !signer.secrets.some((secret) => got.text.includes(secret)),
          `${what}: told a secret`,
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
