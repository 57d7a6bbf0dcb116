import { toType } from './cli-hints.ts';
import { type Found, type HealthFacts, none } from './health-facts.ts';
import { entriesText, type ProblemKind } from './problem.ts';

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
    cause: 'Something looked wrong; each page shows what.',
    effect: 'Nothing is sent until you decide.',
    remedy: 'Look, then release or dismiss.',
  },
];

/** Entries that need a decision, by state, without batches. */
export const undecided = ({ waiting, where }: HealthFacts): Found[] =>
  decisions.flatMap(({ kind, state, cause, effect, remedy }) => {
    const { count, since } = waiting[state];
    if (count === 0) return [];
    const command = toType(`list --state ${state}`, where);
    return [{ ...none, kind, subject: 'all', since, count, cause, effect, remedy, command }];
  });

/** Entries that are held together. */
export const heldBatches = ({ batches, where }: HealthFacts): Found[] =>
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

/** An entry should be reviewed within a day. */
const reviewLateAfterMs = 86_400_000;

/** Entries that wait for a review. */
export const toReview = ({ waiting: { review }, now, where }: HealthFacts): Found[] => {
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

/** Entries that may have two drafts. */
export const doubled = ({ possibleDuplicates: count, where }: HealthFacts): Found[] =>
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

/** Messages that failed repeatedly. */
export const deadLetters = ({ queues }: HealthFacts): Found[] => {
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
