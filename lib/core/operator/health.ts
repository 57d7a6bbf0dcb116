import type { AlertKind } from '../alerts/alert-row.ts';
import type { CircuitRow } from '../circuit/circuit-row.ts';
import { circuitReasonTexts, isTokenProblem } from '../circuit/token-problem.ts';
import { isFuture } from '../polling/tick-window.ts';
import { sentence } from '../text/sentence.ts';
import { scopeOption, toType, type Where } from './cli-hints.ts';
import { entriesText, type Problem, type ProblemKind, problemKinds, titleOf } from './problem.ts';

type Found = Omit<Problem, 'title' | 'level'> & Partial<Pick<Problem, 'level'>>;

/** Whether drafts are sent: for every brand, for some feeds only, or not for at least one brand. */
export type PostingLight = 'posting' | 'partly' | 'paused' | 'stopped';

/** What health is judged from. */
export type HealthFacts = {
  now: number;
  where: Where;
  isRunning: boolean;
  /** What starts the work, where a command does. */
  start: string | null;
  lastTick: number | null;
  /** Those that are open. */
  circuits: readonly CircuitRow[];
  feeds: readonly {
    id: string;
    health: string;
    trouble: { message: string; since: number; lastAt: number; nextAt: number } | null;
  }[];
  /** `why`: the reason of the latest delivery, in words. */
  webhooks: readonly {
    id: string;
    latest: { outcome: string; since: number; at: number; times: number } | null;
    why: string;
  }[];
  alerts: readonly { id: string; kind: AlertKind; since: number; count: number | null; text: string }[];
  /** Entries outside batches that only a person moves on, by state. */
  waiting: Record<'held' | 'review' | 'rejected' | 'uncertain', { count: number; since: number | null }>;
  batches: readonly { id: string; feed: string; since: number; why: string; count: number }[];
  possibleDuplicates: number;
  queues: { feedsDeadLetters: number; draftsDeadLetters: number } | null;
};

const minute = 60_000;
/** A tick comes every minute; one may be late. */
const lateAfterMs = 3 * minute;
/** A delivery refused longer ago was probably a test. */
const refusedCountsMs = 7 * 86_400_000;

/** Alerts about what other problems already show. */
const shownElsewhere: ReadonlySet<AlertKind> = new Set([
  'token-refused',
  'posting-stopped',
  'feed-failing',
  'outcome-unknown',
  'entries-held',
  'batch-held',
  'possible-duplicates',
  'dead-letters',
  'ticks-stopped',
  'draft-made',
]);

const none = { since: null, lastTriedAt: null, nextAt: null, count: null, command: null };
const waits = (scope: CircuitRow['scope']): string =>
  `${scope === 'all' ? 'All entries' : `Entries of ${scope.replace('/', ' ')}`} wait. Feeds are still polled, and nothing is lost.`;

const storeToken = (where: Where): Pick<Problem, 'remedy' | 'command'> =>
  where.stage === undefined
    ? { remedy: 'Stop npm start, and start it again with a valid DASH_SOCIAL_TOKEN.', command: null }
    : {
        remedy: 'Store a valid token.',
        command: `${toType('secret set dash-token', where)} < token.txt`,
      };

type Advice = Pick<Problem, 'remedy' | 'command'>;

const adviceOn = ({ scope, reason }: CircuitRow, where: Where): Advice => {
  if (isTokenProblem(reason)) return storeToken(where);
  if (reason === 'person')
    return {
      remedy: 'Resume it when you are ready.',
      command: toType(`resume${scopeOption(scope)}`, where),
    };
  if (reason === 'forbidden')
    return {
      remedy:
        'Ask Dash Social to give the token access, or correct brand_id. `doctor` lists the brands it may use.',
      command: toType('doctor', where),
    };
  return { remedy: 'Nothing to do: posting resumes automatically.', command: null };
};

const stopKind = ({ scope, reason }: CircuitRow): ProblemKind => {
  if (reason === 'throttled') return 'rate-limited';
  if (reason === 'person') return 'paused';
  return scope === 'all' ? 'posting-stopped' : 'brand-stopped';
};

const stopped = ({ circuits, where }: HealthFacts): Found[] =>
  circuits.map((circuit) => ({
    ...none,
    kind: stopKind(circuit),
    subject: circuit.scope,
    since: circuit.openedAt,
    lastTriedAt: circuit.triedAt,
    nextAt: circuit.openUntil,
    cause: sentence(circuitReasonTexts[circuit.reason]),
    effect: waits(circuit.scope),
    ...adviceOn(circuit, where),
  }));

const notWorking = (facts: HealthFacts): Found[] => {
  const { now, isRunning, lastTick, start } = facts;
  const effect = 'No feed is polled and no draft is sent.';
  if (!isRunning) {
    const remedy = start === null ? 'Start it.' : `Start it: ${start}`;
    return [
      { ...none, kind: 'not-running', subject: 'all', cause: 'Nothing is running here.', effect, remedy },
    ];
  }
  if (lastTick !== null && isFuture(lastTick, now))
    return [
      {
        ...none,
        kind: 'clock-off',
        subject: 'all',
        cause: 'The last tick is dated in the future, because a clock was wrong.',
        effect: 'Times shown here may be wrong until the next tick.',
        remedy: 'The next tick corrects it. If this comes back, check that the clock is set automatically.',
      },
    ];
  if (lastTick !== null && now - lastTick <= lateAfterMs) return [];
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

const failing = ({ feeds }: HealthFacts): Found[] =>
  feeds.flatMap(({ id, health, trouble }) => {
    if (health !== 'failing' && health !== 'gone') return [];
    const isGone = health === 'gone';
    return [
      {
        ...none,
        kind: 'feed-failing' as const,
        subject: `feed/${id}`,
        since: trouble?.since ?? null,
        lastTriedAt: trouble?.lastAt ?? null,
        nextAt: isGone ? null : (trouble?.nextAt ?? null),
        cause: isGone
          ? 'Its server reports that the feed is gone (410).'
          : (trouble?.message ?? 'Its last poll failed.'),
        effect: `No new entries arrive from feed ${id}.`,
        remedy: isGone
          ? 'Correct its url in feeds.yml, or remove the feed.'
          : 'It is polled again automatically. If it keeps failing, check its url in feeds.yml.',
        command: null,
      },
    ];
  });

const refused = ({ webhooks, now }: HealthFacts): Found[] =>
  webhooks.flatMap(({ id, latest, why }) => {
    const isRefused = latest !== null && ['refused', 'failed'].includes(latest.outcome);
    if (!isRefused || now - latest.at > refusedCountsMs) return [];
    return [
      {
        ...none,
        kind: 'deliveries-refused' as const,
        subject: `webhook/${id}`,
        since: latest.since,
        lastTriedAt: latest.at,
        count: latest.times,
        cause: why,
        effect: `Deliveries to webhook ${id} are ${latest.outcome}, and make no draft.`,
        remedy:
          'Store the right secret with `secret set NAME`, or correct the setting that the reason names.',
        command: null,
      },
    ];
  });

type Waiting = HealthFacts['waiting'];
type Decision = { kind: ProblemKind; state: keyof Waiting; cause: string; effect: string; remedy: string };

const decisions: readonly Decision[] = [
  {
    kind: 'outcome-unknown',
    state: 'uncertain',
    cause: 'The response from Dash Social was lost, so it is not known whether a draft exists.',
    effect: 'Nothing more is sent until you decide.',
    remedy: 'Look in Dash Social, then confirm the draft or send it again.',
  },
  {
    kind: 'entries-rejected',
    state: 'rejected',
    cause: 'Dash Social did not accept the post.',
    effect: 'There is no draft.',
    remedy: 'Each page shows the error. Correct it, then retry or dismiss.',
  },
  {
    kind: 'entries-held',
    state: 'held',
    cause: 'Something looked wrong; each page says what.',
    effect: 'Nothing is sent until you decide.',
    remedy: 'Look, then release or dismiss.',
  },
];

const undecided = ({ waiting, where }: HealthFacts): Found[] =>
  decisions.flatMap(({ kind, state, cause, effect, remedy }) => {
    const { count, since } = waiting[state];
    if (count === 0) return [];
    const command = toType(`list --state ${state}`, where);
    return [{ ...none, kind, subject: 'all', since, count, cause, effect, remedy, command }];
  });

const heldBatches = ({ batches, where }: HealthFacts): Found[] =>
  batches.map(({ id, feed, since, why, count }) => ({
    ...none,
    kind: 'batch-held',
    subject: `batch/${id}`,
    since,
    count,
    cause: why,
    effect: `${entriesText(count)} of feed ${feed} ${count === 1 ? 'makes' : 'make'} no draft until you decide.`,
    remedy: 'Release or dismiss them together, or choose.',
    command: toType(`list --state held --batch ${id}`, where),
  }));

/** An entry is to be reviewed within a day. */
const reviewLateAfterMs = 86_400_000;

const toReview = ({ waiting: { review }, now, where }: HealthFacts): Found[] => {
  const { count, since } = review;
  if (count === 0) return [];
  const isLate = since !== null && now - since > reviewLateAfterMs;
  return [
    {
      ...none,
      kind: 'entries-to-review',
      level: isLate ? 'fault' : 'task',
      subject: 'all',
      since,
      count,
      cause: isLate
        ? 'The oldest has waited for more than 24 hours.'
        : 'Your feeds.yml asks for a review before a draft is made.',
      effect: `${count === 1 ? 'It is' : 'They are'} not sent until you approve ${count === 1 ? 'it' : 'them'}.`,
      remedy: 'Look, then approve or dismiss.',
      command: toType('list --state review', where),
    },
  ];
};

const doubled = ({ possibleDuplicates: count, where }: HealthFacts): Found[] =>
  count === 0
    ? []
    : [
        {
          ...none,
          kind: 'possible-duplicates',
          subject: 'all',
          count,
          cause: 'They were sent again after a lost response.',
          effect: `${entriesText(count)} may have two drafts in Dash Social.`,
          remedy: 'Look in Dash Social, delete one of each, then confirm.',
          command: toType('list --possible-duplicates', where),
        },
      ];

const deadLetters = ({ queues }: HealthFacts): Found[] => {
  const count = queues === null ? 0 : queues.feedsDeadLetters + queues.draftsDeadLetters;
  if (count === 0) return [];
  return [
    {
      ...none,
      kind: 'dead-letters',
      subject: 'all',
      count,
      cause: 'Messages failed five times: search the log for `unexpected`.',
      effect: 'No entry is lost: its row is still there, and is tried again.',
      remedy: 'Correct the error, then delete the messages.',
    },
  ];
};

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
      effect: 'The alert stays active until the cause is gone.',
      remedy: 'Follow what the alert describes.',
      command: null,
    }));

const rank = ({ kind }: Problem): number => problemKinds.indexOf(kind);
const began = ({ since }: Problem): number => since ?? Number.POSITIVE_INFINITY;

/**
 * Everything that needs attention, the worst first, then what began first. The one judgement that `doctor`, `status`,
 * and the console share: where this is empty, all is well.
 */
export const problemsIn = (facts: HealthFacts): Problem[] =>
  [notWorking, stopped, undecided, doubled, failing, refused, heldBatches, toReview, deadLetters, otherAlerts]
    .flatMap((find) => find(facts))
    .map(
      (found): Problem => ({
        title: titleOf(found.kind, found.subject, found.count),
        level: 'fault',
        ...found,
      }),
    )
    .sort((a, b) => rank(a) - rank(b) || began(a) - began(b));

/** Whether something is wrong, and not only to be done. */
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
