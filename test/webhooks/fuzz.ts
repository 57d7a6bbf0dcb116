import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { AppError } from '../../lib/core/errors.ts';
import { httpRequest } from '../../lib/core/webhooks/http-request.ts';
import type { WebhookRequest } from '../../lib/core/webhooks/webhook.ts';
import { parseDelivery } from '../../lib/webhooks/parse-delivery.ts';
import { now, payloadOf, requestOf, webhookFrom } from './delivery.ts';
import { type Signer, signers } from './signers.ts';

const names = ['authorization', 'content-type', 'x-github-event', 'sanity-operation', '__proto__', 'x-other'];
const signatureNames = [...new Set(signers.flatMap(({ headers }) => headers))];

/** A change to the body after it was signed. */
const spoiltBody = fc.oneof(
  fc.tuple(fc.constant('flip' as const), fc.nat(), fc.integer({ min: 1, max: 255 })),
  fc.tuple(fc.constant('cut' as const), fc.nat(), fc.constant(0)),
  fc.tuple(fc.constant('append' as const), fc.nat(255), fc.constant(0)),
);

const spoil = (bytes: Uint8Array, [how, where, by]: [string, number, number]): Uint8Array => {
  if (how === 'append') return Uint8Array.from([...bytes, where]);
  const at = where % bytes.length;
  return how === 'cut'
    ? bytes.slice(0, at)
    : Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ by : byte));
};

/** Bodies that a sender with the secret might send: of any shape and depth, or not JSON. */
const body = (from: Signer['from']) =>
  fc.oneof(
    fc.constant(JSON.stringify(payloadOf(from))),
    fc.json({ maxDepth: 6 }),
    fc.string({ unit: 'binary', minLength: 1 }).map((text) => text.toWellFormed()), // the vendors' libraries refuse to sign an empty body
    fc.integer({ min: 1, max: 3000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
    fc
      .jsonValue({ maxDepth: 4 })
      .chain((value) =>
        fc
          .constantFrom(...leaves(payloadOf(from)))
          .map((path) => JSON.stringify(replaced(payloadOf(from), path, value))),
      ),
  );

type Path = string[];

const leaves = (value: unknown, path: Path = []): Path[] =>
  typeof value === 'object' && value !== null
    ? [path, ...Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]))]
    : [path];

const replaced = (value: unknown, [key, ...rest]: Path, by: unknown): unknown => {
  if (key === undefined) return by;
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[key] = replaced(copy[key], rest, by);
  return copy;
};

const headers = fc.dictionary(
  fc.constantFrom(...names, ...signatureNames),
  fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', 'Basic ', 'Bearer ', 'sha256=', 't=1,v1=A'),
  ),
);

const asEvent = (request: WebhookRequest, base64: boolean) => ({
  rawPath: request.path,
  rawQueryString: new URLSearchParams(request.query).toString(),
  headers: request.headers,
  requestContext: { http: { method: request.method } },
  body: Buffer.from(request.bytes).toString(base64 ? 'base64' : 'utf8'),
  isBase64Encoded: base64,
});

const signsBody = (signer: Signer) =>
  !['bearer token', 'secret in a header', 'basic', 'secret in the query'].includes(signer.way);

/** The receiver's result: a Mapped or the AppError; any other error is rethrown and fails the run. */
const outcome = (signer: Signer, secrets: string[], request: WebhookRequest, base64: boolean) => {
  try {
    const arrived = httpRequest(asEvent(request, base64));
    return parseDelivery(webhookFrom(signer.from, signer.options), arrived, secrets, now);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
};

const demand = (fine: boolean, what: string, got: unknown) => {
  if (!fine) throw new Error(`${what}: ${got instanceof AppError ? got.code : JSON.stringify(got)}`);
};

/**
 * Mutates requests to every source. A validly signed one results in a Mapped or a permanent `webhook.…`,
 * whatever its body; any other in a permanent `signature.…`.
 */
export const fuzzDeliveries = (numRuns: number) =>
  fc.assert(
    fc.asyncProperty(
      fc
        .constantFrom(...signers)
        .chain((signer) => fc.record({ signer: fc.constant(signer), body: body(signer.from) })),
      fc.constantFrom('signed', 'spoilt body', 'spoilt headers', 'foreign secret', 'stale', 'unsigned'),
      spoiltBody,
      headers,
      fc.string({ unit: 'binary' }),
      async ({ signer, body }, kind, spoilt, junk, path) => {
        const known = kind === 'foreign secret' ? [signer.secrets[0]] : signer.secrets;
        const at = kind === 'stale' ? now + (path.length % 2 ? 1 : -1) * 301_000 : now;
        const proven = kind === 'unsigned' ? {} : await signer.sign(body, signer.secrets[1], at);
        const request = requestOf(body, {
          path: kind === 'signed' ? '/hooks/x' : `/${path}`,
          query: proven.query ?? {},
          headers: {
            ...(kind === 'unsigned' ? junk : {}),
            ...proven.headers,
            ...(kind === 'spoilt headers' ? junk : {}),
          },
        });
        const changed =
          kind === 'spoilt body' ? { ...request, bytes: spoil(request.bytes, spoilt) } : request;

        const got = outcome(signer, known, changed, kind !== 'signed' || path.length % 2 === 0);

        const refused =
          got instanceof AppError && got.kind === 'permanent' && got.code.startsWith('signature.');
        const read =
          !(got instanceof AppError) || (got.kind === 'permanent' && got.code.startsWith('webhook.'));
        const provenStill =
          kind === 'signed' ||
          (kind === 'spoilt body' && !signsBody(signer)) ||
          (kind === 'stale' && !signer.timed);
        const spoilsNothing =
          kind === 'spoilt headers' && !signer.headers.some((name) => Object.hasOwn(junk, name));
        if (spoilsNothing) demand(read || refused, `${signer.from} ${kind}`, got);
        else if (provenStill) demand(read, `${signer.from} ${kind}: not read`, got);
        else demand(refused, `${signer.from} ${kind}: not refused`, got);
      },
    ),
    { numRuns },
  );
