import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { misconfigured, permanent } from '../core/errors.ts';
import type { HmacRule, VerifyRule, WebhookRequest } from '../core/webhooks/webhook.ts';

/** How far a signed time may lie from ours, to both sides; what the Standard Webhooks libraries use. */
const toleranceMs = 300_000;

/** What a request claims: any one of `claims`, made by any one of our keys over `signed`, is proof. */
type Proof = {
  algorithm: HmacRule['algorithm'];
  encoding: HmacRule['encoding'];
  signed: readonly (string | Uint8Array)[];
  claims: readonly string[];
  /** When it says it was signed, epoch milliseconds; null: the scheme signs no time. */
  at: number | null;
};

/** There is nothing to prove with. */
const missing = (header: string) =>
  permanent('signature.missing', `The request has no "${header}"; is a secret set in the sender?`);

/** What is there cannot be a proof of this kind. */
export const malformed = (header: string) =>
  permanent('signature.malformed', `"${header}" has not the form this source sends; is it the right source?`);

const mismatch = () =>
  permanent('signature.mismatch', 'No secret of this webhook fits; is it the one set in the sender?');

/** A header by its lower-case name, or `signature.missing`. */
export const requiredHeader = ({ headers }: WebhookRequest, name: string): string => {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  if (value === undefined || value === '') throw missing(name);
  return value;
};

/** The groups of a header that fits the pattern as a whole, or `signature.missing`, `signature.malformed`. */
export const matchHeader = (request: WebhookRequest, name: string, pattern: RegExp): string[] => {
  const match = pattern.exec(requiredHeader(request, name));
  if (!match) throw malformed(name);
  return match.slice(1).map((group) => group ?? '');
};

/** The secrets, once it is sure that each is one: an empty one would make a signature anybody can make. */
export const usableSecrets = (secrets: readonly (string | undefined)[]): string[] => {
  const usable = secrets.filter((secret) => secret !== undefined && secret.trim() !== '') as string[];
  if (usable.length === 0 || usable.length < secrets.length) {
    throw misconfigured(
      'signature.no-secret',
      'A secret named by this webhook is missing or empty in the inbound secret; every delivery is refused until it is there.',
    );
  }
  return usable;
};

/** Throws `signature.mismatch` unless one key made one of the claims, then `signature.stale` if that was not just now. */
export const prove = (proof: Proof, keys: readonly (string | Uint8Array)[], now: number): void => {
  const expected = keys.map((key) => digest(proof, key));
  const hits = expected.flatMap((digest) => proof.claims.map((claim) => sameText(claim, digest)));
  if (!hits.includes(true)) throw mismatch();
  if (proof.at !== null && Math.abs(now - proof.at) > toleranceMs) {
    throw permanent('signature.stale', 'It was signed more than five minutes from now; is a clock wrong?');
  }
};

const digest = ({ algorithm, encoding, signed }: Proof, key: string | Uint8Array): string => {
  const hmac = createHmac(algorithm, key);
  for (const part of signed) hmac.update(part);
  return hmac.digest(encoding);
};

/** Compares in a time that depends on nothing but the lengths. */
const sameText = (given: string, expected: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
};

/** What most tools can send where they cannot sign: `Authorization: Bearer SECRET`. */
export const bearerRule: VerifyRule = { kind: 'header', header: 'authorization', prefix: 'Bearer ' };

/** Verifies by a rule: a signature in one header, or the secret itself in a header, in Basic auth or in the query. */
export const verifyByRule = (
  rule: VerifyRule,
  request: WebhookRequest,
  secrets: readonly (string | undefined)[],
  now: number,
): void => {
  const keys = usableSecrets(secrets);
  if (rule.kind === 'hmac') prove(hmacProof(rule, request), keys, now);
  else if (!keys.map((key) => showsSecret(rule, request, key)).includes(true)) throw mismatch();
};

const showsSecret = (
  rule: Exclude<VerifyRule, HmacRule>,
  request: WebhookRequest,
  secret: string,
): boolean => {
  if (rule.kind === 'header') return sameText(requiredHeader(request, rule.header), rule.prefix + secret);
  if (rule.kind === 'query') return sameText(queryValue(request, rule.parameter), secret);
  const [given = ''] = matchHeader(request, 'authorization', /^basic ([\w+/]+={0,2})$/i);
  return sameText(given, Buffer.from(`${rule.user}:${secret}`).toString('base64'));
};

const queryValue = ({ query }: WebhookRequest, name: string): string => {
  const value = Object.hasOwn(query, name) ? query[name] : undefined;
  if (!value) throw missing(`?${name}=`);
  return value;
};

const signaturePatterns = { hex: /^[\da-f]+$/i, base64: /^[A-Za-z\d+/]+={0,2}$/, base64url: /^[\w-]+$/ };

const hmacProof = (rule: HmacRule, request: WebhookRequest): Proof => {
  const header = requiredHeader(request, rule.header);
  const claim = header.slice(rule.prefix.length);
  if (!header.startsWith(rule.prefix) || !signaturePatterns[rule.encoding].test(claim)) {
    throw malformed(rule.header);
  }
  const [timestamp = ''] = rule.timestampHeader
    ? matchHeader(request, rule.timestampHeader, /^(\d{1,15})$/)
    : [];
  const id = rule.idHeader ? requiredHeader(request, rule.idHeader) : '';
  return {
    algorithm: rule.algorithm,
    encoding: rule.encoding,
    signed: fill(rule.signed, { id, timestamp, body: request.bytes }),
    claims: [rule.encoding === 'hex' ? claim.toLowerCase() : claim],
    at: rule.timestampHeader ? Number(timestamp) * (rule.unit === 's' ? 1000 : 1) : null,
  };
};

type Parts = { id: string; timestamp: string; body: Uint8Array };

const fill = (template: string, parts: Parts): (string | Uint8Array)[] =>
  template.split(/\{(id|timestamp|body)\}/).map((piece, i) => (i % 2 ? parts[piece as keyof Parts] : piece));
