import { createHash, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import type { Claims } from './claims.ts';

/** The keys of the console's secret: what the provider gave, and the keys that sign-ins and sessions are sealed with. */
export const consoleSecretNames = {
  client: 'console-client-secret',
  key: 'console-session-key',
  previousKey: 'console-session-key-previous',
} as const;

/** How long a sign-in may take, and how long a session lasts. */
export const attemptLifetimeMs = 10 * 60_000;
export const sessionLifetimeMs = 8 * 3_600_000;

const Word = v.pipe(v.string(), v.regex(/^[\w-]{43}$/));

/**
 * What a sign-in must come back with: `state` ties it to this browser, `nonce` the ID token to this sign-in, and the
 * code is useless without `verifier` (RFC 7636). `to`: the page that was asked for.
 */
export const Attempt = v.object({ state: Word, nonce: Word, verifier: Word, to: v.string() });
export type Attempt = v.InferOutput<typeof Attempt>;

/** 256 random bits, in the characters that PKCE allows. */
export const randomWord = (): string => randomBytes(32).toString('base64url');

export const newAttempt = (to: string): Attempt => ({
  state: randomWord(),
  nonce: randomWord(),
  verifier: randomWord(),
  to,
});

/** RFC 7636, section 4.2. */
export const challengeOf = ({ verifier }: Pick<Attempt, 'verifier'>): string =>
  createHash('sha256').update(verifier).digest('base64url');

/** A sign-in with the provider. Errors: retryable `sign-in.unreachable`, permanent `sign-in.refused`, config `sign-in.*`. */
export type Provider = {
  /** The provider's page that the browser is sent to. */
  authorize: (attempt: Attempt) => Promise<URL>;
  /** The claims of the ID token, checked, for the address that the browser came back to. */
  claims: (cameBack: URL, attempt: Attempt) => Promise<Claims>;
};

/** Opens a provider; nothing is requested yet. */
export type OpenProvider = (client: { secret: string; redirectUri: string }) => Provider;

/** Encrypts values for cookies, so that only this console can read or make them. */
export type Seal = {
  /** `purpose`: the only one that `open` accepts it for. */
  seal: (purpose: string, value: object, lifetimeMs: number) => Promise<string>;
  /** The value; null when it is forged, damaged, expired, or sealed for another purpose. */
  open: (purpose: string, text: string) => Promise<unknown>;
};

/** The first key seals; all of them open. */
export type OpenSeal = (keys: readonly string[]) => Seal;
