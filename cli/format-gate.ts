import type { CircuitScope, GateRow } from '../lib/core/circuit/gate.ts';
import { isTokenTrouble, tokenWords } from '../lib/core/circuit/token-trouble.ts';
import { toType, type Where } from '../lib/core/operator/cli-hints.ts';
import type { Page } from './page.ts';

/** `Everything`, `Brand 144`, `Feed newsroom`. */
export const scopeWords = (scope: CircuitScope): string => {
  if (scope === 'all') return 'Everything';
  const [kind = '', name = ''] = scope.split(/\/(.*)/s);
  return `${kind === 'brand' ? 'Brand' : 'Feed'} ${name}`;
};

/** What neither `pause` nor `resume` changes: a feed that feeds.yml itself pauses. */
export const fileWords = ({ id, paused }: { id: string; paused: boolean }): string | null =>
  paused
    ? `Feed ${id} is paused by feeds.yml (paused: true): it is neither polled nor posted until that is taken away there.`
    : null;

/** What to do where Dash Social refuses the token: on one machine it is told to `npm start` and stored nowhere. */
export const tokenRemedy = (where: Where): string =>
  where.stage === undefined
    ? 'stop npm start, and start it with another one in DASH_SOCIAL_TOKEN'
    : `store a new one: ${toType('secret set dash-token', where)} < token.txt`;

const reasons: Record<GateRow['reason'], string> = {
  throttled: 'the rate limit of Dash Social is reached',
  ...tokenWords,
  forbidden: 'the token may not post for this brand',
  outage: 'Dash Social does not answer, or not as it should',
  person: 'a person paused it',
};

/** A closed door in a sentence. */
export const doorWords = (
  page: Page,
  { scope, reason, closedAt, closedUntil }: GateRow,
  where: Where,
): string =>
  [
    `${scopeWords(scope)} is closed since ${page.time(closedAt)}: ${reasons[reason]}`,
    ...(isTokenTrouble(reason) ? [tokenRemedy(where)] : []),
    ...(closedUntil === null ? [] : [`tried again ${page.since(closedUntil)}`]),
  ].join('; ');
