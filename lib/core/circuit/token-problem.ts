/**
 * Why no request can carry a valid token: Dash Social refuses it (`unauthorized`), the secret holds none (`no-token`)
 * or something that is no token (`malformed-token`), or AWS does not let us read it (`unreadable-token`).
 */
export const tokenProblems = ['unauthorized', 'no-token', 'malformed-token', 'unreadable-token'] as const;
export type TokenProblem = (typeof tokenProblems)[number];

const byCode: Readonly<Record<string, TokenProblem>> = {
  'dash.unauthorized': 'unauthorized',
  'token.missing': 'no-token',
  'token.malformed': 'malformed-token',
  'token.access-denied': 'unreadable-token',
  'token.unreadable': 'unreadable-token',
};

/** The problem that an error code or a probe's code means; null for any other. */
export const tokenProblemOf = (code: string): TokenProblem | null => byCode[code] ?? null;

export const isTokenProblem = (reason: string): reason is TokenProblem =>
  (tokenProblems as readonly string[]).includes(reason);

/** Each problem as a clause that follows a colon. */
export const tokenProblemTexts: Readonly<Record<TokenProblem, string>> = {
  unauthorized: 'Dash Social refuses the token',
  'no-token': 'no token is stored',
  'malformed-token': 'the stored token is malformed',
  'unreadable-token': 'AWS denies access to the token',
};

type CircuitReason = TokenProblem | 'throttled' | 'forbidden' | 'outage' | 'person';

const circuitReasonTexts: Readonly<Record<CircuitReason, string>> = {
  throttled: 'the rate limit of Dash Social is reached',
  ...tokenProblemTexts,
  forbidden: 'the token may not use this brand',
  outage: 'Dash Social is not responding correctly',
  person: 'it was paused by hand',
};

type Why = { reason: CircuitReason; person?: string; lastError?: string };

/** Why a circuit is open, as a clause that follows a colon; a pause names who paused it, an outage its last error. */
export const circuitReasonText = ({ reason, person, lastError }: Why): string => {
  if (person !== undefined) return `it was paused by ${person}`;
  return lastError === undefined
    ? circuitReasonTexts[reason]
    : `${circuitReasonTexts[reason]} (last: ${lastError})`;
};
