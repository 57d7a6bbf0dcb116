import { createHmac } from 'node:crypto';
import type { SourceOptions } from '../../lib/core/webhooks/source-settings.ts';
import type { IgnoredReason, Mapped, WebhookRequest } from '../../lib/core/webhooks/webhook.ts';
import type { payloadOf } from './delivery.ts';

type Signed = Partial<Pick<WebhookRequest, 'headers' | 'query'>>;

/** How the sender signs: with its own library if it has one, otherwise by hand, but never with our code. */
export type Signer = {
  /** Distinguishes the schemes of a source. */
  way: string;
  options: Partial<SourceOptions>;
  secrets: [string, string];
  /** Whether the time is signed, so that a replay is rejected. */
  timed: boolean;
  sign: (body: string, secret: string, at: number) => Promise<Signed> | Signed;
  /** If any one of these is missing, so is the signature. */
  headers: string[];
  /** Values that are malformed in this scheme. */
  malformed: Record<string, string>[];
};

/** A changed delivery: other values at dotted paths in the payload (undefined: none), or another payload. */
export type Bent = {
  set?: Record<string, unknown>;
  payload?: unknown;
  headers?: Record<string, string>;
  options?: Partial<SourceOptions>;
};

export type IgnoredCase = [what: string, bent: Bent, reason: IgnoredReason];

/** What the tests need for one source, in addition to its payload in test/fixtures/webhooks. */
export type SourceCases = {
  signers: Signer[];
  /** Settings under which its payload is published. */
  options?: Partial<SourceOptions>;
  /** The result for its payload with these settings. */
  published: Extract<Mapped, { kind: 'published' }>;
  ignored: IgnoredCase[];
  /** Deliveries that are, or may not be, first publications. */
  firstPublished: [what: string, bent: Bent, first: boolean][];
  /**
   * Where the payload has the date of an old entry. An entry is held if it claims to be a first publication
   * despite its date.
   */
  oldEntries: {
    outcome: 'held' | 'baselined';
    options: Partial<SourceOptions>;
    setDate: (payload: ReturnType<typeof payloadOf>) => void;
  }[];
};

export const oldDate = '2019-03-01T09:00:00Z';

export const plainSecrets: [string, string] = ['the first secret', 'the second secret'];

export const hmac = (
  algorithm: string,
  secret: string,
  text: string,
  encoding: 'hex' | 'base64' | 'base64url',
) => createHmac(algorithm, secret).update(text, 'utf8').digest(encoding);

export const bearerSigner: Signer = {
  way: 'bearer token',
  options: {},
  secrets: plainSecrets,
  timed: false,
  sign: (_body, secret) => ({ headers: { authorization: `Bearer ${secret}` } }),
  headers: ['authorization'],
  malformed: [],
};
