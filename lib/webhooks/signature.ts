import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { misconfigured, permanent } from '../core/errors.ts';
import type { HmacRule, VerifyRule } from '../core/webhooks/source-settings.ts';
import type { WebhookRequest } from '../core/webhooks/webhook.ts';

/** The tolerance of the Standard Webhooks libraries, before and after now. */
const toleranceMs = 300_000;

/** A request is authentic if one of `claims` is the HMAC of `signed` under one of our keys. */
type SignatureClaim = {
  algorithm: HmacRule['algorithm'];
  encoding: HmacRule['encoding'];
  signed: readonly (string | Uint8Array)[];
  claims: readonly string[];
  /** The signed time in epoch milliseconds; null: the scheme signs none. */
  at: number | null;
};

const missing = (header: string) =>
  permanent('signature.missing', `The request has no "${header}": set the secret in the content system.`);

/** A signature header of another form. */
export const malformed = (header: string) =>
  permanent(
    'signature.malformed',
    `"${header}" does not have the form that this source sends. If all deliveries are refused, check "from" in feeds.yml.`,
  );

const mismatch = () =>
  permanent(
    'signature.mismatch',
    'The signature matches no secret of this webhook: store the secret that is set in the content system.',
  );

/** A header by its lower-case name, or `signature.missing`. */
export const requiredHeader = ({ headers }: Pick<WebhookRequest, 'headers'>, name: string): string => {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  if (value === undefined || value === '') throw missing(name);
  return value;
};

/** The groups of a header that fits the pattern as a whole, or `signature.missing`, `signature.malformed`. */
export const matchHeader = (
  request: Pick<WebhookRequest, 'headers'>,
  name: string,
  pattern: RegExp,
): string[] => {
  const match = pattern.exec(requiredHeader(request, name));
  if (!match) throw malformed(name);
  return match.slice(1).map((group) => group ?? '');
};

/** The secrets, each of them present: with an empty one, anyone could sign. Throws config `signature.no-secret`. */
export const usableSecrets = (secrets: readonly (string | undefined)[]): string[] => {
  const usable = secrets.filter((secret) => secret !== undefined && secret.trim() !== '') as string[];
  if (usable.length === 0 || usable.length < secrets.length) {
    throw misconfigured(
      'signature.no-secret',
      'A secret of this webhook is missing or empty, so every delivery is refused: store it with `secret set`.',
    );
  }
  return usable;
};

/** Throws `signature.mismatch` unless one key made one of the claims, then `signature.stale` if its time is too far from now. */
export const verifyHmac = (
  claim: SignatureClaim,
  keys: readonly (string | Uint8Array)[],
  now: number,
): void => {
  const expected = keys.map((key) => digest(claim, key));
  const hits = expected.flatMap((digest) => claim.claims.map((one) => sameText(one, digest)));
  if (!hits.includes(true)) throw mismatch();
  if (claim.at !== null && Math.abs(now - claim.at) > toleranceMs) {
    throw permanent(
      'signature.stale',
      'The delivery was signed more than 5 min before or after it arrived. Check the clock of the content system.',
    );
  }
};

const digest = ({ algorithm, encoding, signed }: SignatureClaim, key: string | Uint8Array): string => {
  const hmac = createHmac(algorithm, key);
  for (const part of signed) hmac.update(part);
  return hmac.digest(encoding);
};

/** Compares in a time that depends on the lengths only. */
const sameText = (given: string, expected: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
};

/** For content systems that send headers but no signature: `Authorization: Bearer SECRET`. */
export const bearerRule: VerifyRule = { kind: 'header', header: 'authorization', prefix: 'Bearer ' };

/** Verifies by a rule: a signature in one header, or the secret itself in a header, in Basic auth or in the query. */
export const verifyByRule = (
  rule: VerifyRule,
  request: WebhookRequest,
  secrets: readonly (string | undefined)[],
  now: number,
): void => {
  const keys = usableSecrets(secrets);
  if (rule.kind === 'hmac') verifyHmac(hmacClaim(rule, request), keys, now);
  else if (!keys.map((key) => hasSecret(rule, request, key)).includes(true)) throw mismatch();
};

const hasSecret = (rule: Exclude<VerifyRule, HmacRule>, request: WebhookRequest, secret: string): boolean => {
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

const hmacClaim = (rule: HmacRule, request: WebhookRequest): SignatureClaim => {
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
