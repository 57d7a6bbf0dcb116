import type { GateRow, GateScope } from '../../lib/core/gate.ts';
import type { Page } from './page.ts';

/** `Everything`, `Brand 144`, `Feed newsroom`. */
export const scopeWords = (scope: GateScope): string => {
  if (scope === 'all') return 'Everything';
  const [kind = '', name = ''] = scope.split(/\/(.*)/s);
  return `${kind === 'brand' ? 'Brand' : 'Feed'} ${name}`;
};

const reasons: Record<GateRow['reason'], string> = {
  throttled: 'the rate limit of Dash Social is reached',
  unauthorized: 'Dash Social refuses the token: store a new one with secret set',
  forbidden: 'the token may not post for this brand',
  outage: 'Dash Social does not answer',
  person: 'a person paused it',
};

/** A closed door in a sentence. */
export const doorWords = (page: Page, { scope, reason, closedAt, closedUntil }: GateRow): string =>
  `${scopeWords(scope)} is closed since ${page.time(closedAt)}: ${reasons[reason]}${
    closedUntil === null ? '' : `; tried again ${page.since(closedUntil)}`
  }`;
