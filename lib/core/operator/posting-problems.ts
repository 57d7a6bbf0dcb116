import type { CircuitRow } from '../circuit/circuit-row.ts';
import { circuitReasonText, isTokenProblem } from '../circuit/token-problem.ts';
import { isFuture } from '../polling/tick-window.ts';
import { sentence } from '../text/sentence.ts';
import { scopeOption, toType, type Where } from './cli-hints.ts';
import { type Found, type HealthFacts, none } from './health-facts.ts';
import type { Problem, ProblemKind } from './problem.ts';
import { type Around, endText, nextTryOf } from './stop-end.ts';

/** A tick runs every minute; a single one may be late. */
const lateAfterMs = 3 * 60_000;

/** Whether no tick has run for several minutes. */
export const isTickLate = (lastTick: number | null, now: number): boolean =>
  lastTick === null || now - lastTick > lateAfterMs;

/** Whether feeds are polled and entries sent at all; where they are not, no next try may be promised. */
export const works = ({ isRunning, lastTick, now }: HealthFacts): boolean =>
  isRunning && !isTickLate(lastTick, now);

const waits = (scope: CircuitRow['scope'], isWorking: boolean): string => {
  const who = scope === 'all' ? 'All entries' : `Entries of ${scope.replace('/', ' ')}`;
  return `${who} wait. ${isWorking ? 'Feeds are still polled, and nothing' : 'Nothing'} is lost.`;
};

type Advice = Pick<Problem, 'remedy' | 'command'>;

/** What to do if Dash Social refuses the token. A local run reads it from its environment and does not store it. */
export const tokenAdvice = (where: Where, start: string | null): Advice =>
  where.stage === undefined
    ? { remedy: 'Stop npm start, then start it with a valid token in DASH_SOCIAL_TOKEN.', command: start }
    : {
        remedy: 'Store a valid token.',
        command: `${toType('secret set dash-token', where)} < token.txt`,
      };

/** What ends an open circuit: a remedy, with the command for it. */
export const adviceOn = (
  circuit: CircuitRow,
  { where, start, ...around }: Around & Pick<HealthFacts, 'where' | 'start'>,
): Advice => {
  const { scope, reason } = circuit;
  if (isTokenProblem(reason)) return tokenAdvice(where, start);
  if (reason === 'person')
    return {
      remedy: 'Resume it when you are ready.',
      command: toType(`resume${scopeOption(scope)}`, where),
    };
  if (reason === 'forbidden')
    return {
      remedy:
        'Ask Dash Social to let the token post to this brand, because a brand in its list may still be refused; or correct brand_id in feeds.yml. `dash brands` shows the list.',
      command: toType('dash brands', where),
    };
  return { remedy: endText(circuit, around), command: null };
};

const stopKind = ({ scope, reason }: CircuitRow): ProblemKind => {
  if (reason === 'throttled') return 'rate-limited';
  if (reason === 'person') return 'paused';
  return scope === 'all' ? 'posting-stopped' : 'brand-stopped';
};

/** After a day, someone should ask Dash Social. */
const outageIsLongMs = 86_400_000;

/** A rate limit and an outage end without you; a pause, and a refused token or brand, do not. */
const endsByItself = ({ reason, openedAt }: CircuitRow, now: number): boolean =>
  reason === 'throttled' || (reason === 'outage' && now - openedAt < outageIsLongMs);

/** Open circuits. */
export const stopped = (facts: HealthFacts): Found[] => {
  const { circuits, now } = facts;
  const isWorking = works(facts);
  const around = { ...facts, isWorking };
  return circuits.map((circuit) => ({
    ...none,
    kind: stopKind(circuit),
    group: endsByItself(circuit, now) ? 'resolves-itself' : 'needs-you',
    subject: circuit.scope,
    since: circuit.openedAt,
    lastTriedAt: circuit.triedAt,
    nextAt: nextTryOf(circuit, around),
    cause: sentence(circuitReasonText(circuit)),
    effect: waits(circuit.scope, isWorking),
    ...adviceOn(circuit, around),
  }));
};

/** Why nothing is polled or sent at all, or may not be. */
export const notWorking = (facts: HealthFacts): Found[] => {
  const { now, isRunning, lastTick, start } = facts;
  const effect = 'No feed is polled and no draft is sent.';
  if (!isRunning) {
    const remedy = start === null ? 'Start it.' : `Start it: ${start}`;
    return [
      {
        ...none,
        kind: 'not-running',
        subject: 'all',
        cause: 'The service is not running on this machine.',
        effect,
        remedy,
      },
    ];
  }
  if (lastTick !== null && isFuture(lastTick, now))
    return [
      {
        ...none,
        kind: 'clock-off',
        group: 'resolves-itself',
        subject: 'all',
        cause: 'The last tick is dated in the future, because a clock was wrong.',
        effect: 'Times shown here may be wrong until the next tick.',
        remedy: 'The next tick corrects it. If this comes back, check that the clock is set automatically.',
      },
    ];
  if (!isTickLate(lastTick, now)) return [];
  return [
    {
      ...none,
      kind: 'ticks-stopped',
      subject: 'all',
      since: lastTick,
      cause:
        lastTick === null
          ? 'The schedule has never run.'
          : 'The schedule has not run for more than 3 minutes.',
      effect,
      remedy: 'Check that the schedule of pollFeeds is enabled, and check its log.',
    },
  ];
};
