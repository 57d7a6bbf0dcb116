import type { AlertKind } from '../alerts/alert-row.ts';
import type { CircuitRow } from '../circuit/circuit-row.ts';
import { changedArticles, deadLetters, heldBatches, toReview, undecided } from './entry-problems.ts';
import { type Found, type HealthFacts, none } from './health-facts.ts';
import { notWorking, stopped } from './posting-problems.ts';
import { type Problem, problemKinds, titleOf } from './problem.ts';
import { failing, refused } from './source-problems.ts';

/** Whether drafts are sent: for every brand, for some feeds only, or not for at least one brand. */
export type PostingLight = 'posting' | 'partly' | 'paused' | 'stopped';

/** Alerts about what other problems already show. */
const shownElsewhere: ReadonlySet<AlertKind> = new Set([
  'token-refused',
  'posting-stopped',
  'feed-failing',
  'outcome-unknown',
  'entries-held',
  'entries-to-review',
  'article-changed',
  'batch-held',
  'possible-duplicates',
  'dead-letters',
  'ticks-stopped',
  'not-as-configured',
  'draft-made',
]);

const otherAlerts = ({ alerts }: HealthFacts): Found[] =>
  alerts
    .filter(({ kind }) => !shownElsewhere.has(kind))
    .map(({ id, since, count, text }) => ({
      ...none,
      kind: 'alert',
      subject: id,
      since,
      count,
      cause: text,
      effect: 'An entry that was missed makes no draft.',
      remedy: 'Look at the feed on the web, and post by hand what is missing here.',
    }));

const rank = ({ kind }: Problem): number => problemKinds.indexOf(kind);
const began = ({ since }: Problem): number => since ?? Number.POSITIVE_INFINITY;

/**
 * Everything that needs attention, the worst first, then what began first. The one list that `doctor`, `status`,
 * and the console share: where this is empty, all is well.
 */
export const problemsIn = (facts: HealthFacts): Problem[] =>
  [
    notWorking,
    stopped,
    undecided,
    failing,
    refused,
    heldBatches,
    toReview,
    changedArticles,
    deadLetters,
    otherAlerts,
  ]
    .flatMap((find) => find(facts))
    .map(
      (found): Problem => ({
        title: titleOf(found.kind, found.subject, found.count),
        level: 'fault',
        group: 'needs-you',
        ...found,
      }),
    )
    .sort((a, b) => rank(a) - rank(b) || began(a) - began(b));

/** What needs a person, which the inbox counts; the rest ends without you. */
export const needingYou = (problems: readonly Problem[]): Problem[] =>
  problems.filter(({ group }) => group === 'needs-you');

/** Whether something is wrong, rather than just waiting to be done. */
export const hasFault = (problems: readonly Problem[]): boolean =>
  problems.some(({ level }) => level === 'fault');

/** Whether feeds are polled and drafts sent at all, whatever the circuits. */
export const isWorking = (problems: readonly Problem[]): boolean =>
  !problems.some(({ kind }) => kind === 'not-running' || kind === 'ticks-stopped');

/** The light on every page: `stopped` and `paused` when nothing of at least one brand is sent. */
export const postingLight = (circuits: readonly CircuitRow[], problems: readonly Problem[]): PostingLight => {
  if (!isWorking(problems)) return 'stopped';
  const whole = circuits.filter(({ scope, reason }) => !scope.startsWith('feed/') && reason !== 'throttled');
  if (whole.some(({ by }) => by === 'machine')) return 'stopped';
  if (whole.length > 0) return 'paused';
  return circuits.length > 0 ? 'partly' : 'posting';
};
