import type { CircuitRow, CircuitScope } from '../lib/core/circuit/circuit-row.ts';
import { isTokenProblem, tokenProblemTexts } from '../lib/core/circuit/token-problem.ts';
import { toType, type Where } from '../lib/core/operator/cli-hints.ts';
import type { Page } from './page.ts';

/** `Everything`, `Brand 144`, `Feed newsroom`. */
export const scopeText = (scope: CircuitScope): string => {
  if (scope === 'all') return 'Everything';
  const [kind = '', name = ''] = scope.split(/\/(.*)/s);
  return `${kind === 'brand' ? 'Brand' : 'Feed'} ${name}`;
};

/** What neither `pause` nor `resume` changes: a feed that feeds.yml itself pauses. */
export const pausedInFileText = ({ id, paused }: { id: string; paused: boolean }): string | null =>
  paused
    ? `Feed ${id} is paused by feeds.yml (paused: true): it is neither polled nor posted until that is taken away there.`
    : null;

/** What to do where Dash Social refuses the token: on one machine it is told to `npm start` and stored nowhere. */
export const tokenRemedy = (where: Where): string =>
  where.stage === undefined
    ? 'stop npm start, and start it with another one in DASH_SOCIAL_TOKEN'
    : `store a new one: ${toType('secret set dash-token', where)} < token.txt`;

const reasons: Record<CircuitRow['reason'], string> = {
  throttled: 'the rate limit of Dash Social is reached',
  ...tokenProblemTexts,
  forbidden: 'the token may not post for this brand',
  outage: 'Dash Social does not answer, or not as it should',
  person: 'a person paused it',
};

/** A closed door in a sentence. */
export const circuitText = (
  page: Page,
  { scope, reason, openedAt, openUntil }: CircuitRow,
  where: Where,
): string =>
  [
    `${scopeText(scope)} is closed since ${page.time(openedAt)}: ${reasons[reason]}`,
    ...(isTokenProblem(reason) ? [tokenRemedy(where)] : []),
    ...(openUntil === null ? [] : [`tried again ${page.since(openUntil)}`]),
  ].join('; ');
