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

/** The trouble that an error code or a probe's code stands for; null for any other. */
export const tokenProblemOf = (code: string): TokenProblem | null => byCode[code] ?? null;

export const isTokenProblem = (reason: string): reason is TokenProblem =>
  (tokenProblems as readonly string[]).includes(reason);

/** Each trouble in words that follow "nothing is posted:". */
export const tokenProblemTexts: Readonly<Record<TokenProblem, string>> = {
  unauthorized: 'Dash Social refuses the token',
  'no-token': 'no token has been stored yet',
  'malformed-token': 'what is stored as the token is none',
  'unreadable-token': 'AWS does not let the function read the token',
};
