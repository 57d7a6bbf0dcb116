import { toType } from './cli-hints.ts';
import { type Found, type HealthFacts, none, type Undecided } from './health-facts.ts';
import { entriesText, type ProblemKind } from './problem.ts';

type Decision = {
  kind: ProblemKind;
  group: Undecided;
  cause: string;
  effect: (count: number) => string;
  remedy: string;
  /** Lists them. */
  list: string;
};

const them = (count: number): string => (count === 1 ? 'it' : 'them');
const they = (count: number): string => (count === 1 ? 'It is' : 'They are');
const notSent = (count: number): string => `${they(count)} not sent until you decide.`;

const decisions: readonly Decision[] = [
  {
    kind: 'not-as-configured',
    group: 'notAsConfigured',
    cause: 'The post would be scheduled or go live, but `publish` in feeds.yml allows less.',
    effect: notSent,
    remedy:
      'Dismiss what must not go live. To send it, `publish` in feeds.yml must allow it; then release it.',
    list: 'list --state held',
  },
  {
    kind: 'outcome-unknown',
    group: 'uncertain',
    cause: 'The response from Dash Social was lost or unclear, so it is not known whether a draft exists.',
    effect: (count) =>
      `${they(count)} not sent again until you decide. Other entries do not wait for ${them(count)}.`,
    remedy: 'Look in Dash Social: confirm each draft that is there, and try again for the others.',
    list: 'list --state uncertain',
  },
  {
    kind: 'possible-duplicates',
    group: 'duplicate',
    cause: 'A post was sent again after a lost response, by you or automatically, or a draft turned up late.',
    effect: (count) => `${entriesText(count)} may have two drafts in Dash Social.`,
    remedy:
      'Look in Dash Social for drafts with the same caption; the list has the IDs that are known. Keep one of each entry, then confirm them with `confirm --possible-duplicates`.',
    list: 'list --possible-duplicates',
  },
  {
    kind: 'entries-rejected',
    group: 'rejected',
    cause: 'Dash Social did not accept the post.',
    effect: () => 'There is no draft.',
    remedy: 'Correct what the errors name, then try again; or dismiss.',
    list: 'list --state rejected',
  },
  {
    kind: 'entries-held',
    group: 'held',
    cause: 'Each was stopped before sending, because something may be wrong with it.',
    effect: notSent,
    remedy: 'Open each entry, then release or dismiss it.',
    list: 'list --state held',
  },
];

/** Entries that need a decision, by state, without batches. */
export const undecided = ({ waiting, where }: HealthFacts): Found[] =>
  decisions.flatMap(({ kind, group, cause, effect, remedy, list }) => {
    const { count, since, entries } = waiting[group];
    if (count === 0) return [];
    const command = toType(list, where);
    return [
      { ...none, kind, subject: 'all', since, count, entries, cause, effect: effect(count), remedy, command },
    ];
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
    effect: `${entriesText(count)} of feed ${feed} ${count === 1 ? 'is' : 'are'} not sent until you decide.`,
    remedy: 'Release or dismiss them together, or select some of them.',
    command: toType(`list --state held --batch ${id}`, where),
  }));

/** An entry should be reviewed within a day. */
const reviewLateAfterMs = 86_400_000;

/** Entries that wait for a review. */
export const toReview = ({ waiting: { review }, now, where }: HealthFacts): Found[] => {
  const { count, since, entries } = review;
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
      entries,
      cause: isLate
        ? 'The oldest has waited for more than 24 hours.'
        : 'With `review` in feeds.yml, your team approves entries before they are sent.',
      effect: `${they(count)} not sent until you approve ${them(count)}.`,
      remedy: 'Open each entry, then approve or dismiss it.',
      command: toType('list --state review', where),
    },
  ];
};

/** Articles that changed after their drafts. */
export const changedArticles = ({ waiting: { changed }, where }: HealthFacts): Found[] => {
  const { count, since, entries } = changed;
  if (count === 0) return [];
  return [
    {
      ...none,
      kind: 'article-changed',
      level: 'task',
      subject: 'all',
      since,
      count,
      entries,
      cause: count === 1 ? 'Its publisher edited the article.' : 'Their publishers edited the articles.',
      effect: `The ${count === 1 ? 'draft says' : 'drafts say'} what the article said before.`,
      remedy: 'Open each entry and compare. Then change the draft, too, or keep it as it is.',
      command: toType('list --changed', where),
    },
  ];
};

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
      cause:
        'Reading feeds or sending entries failed with an unexpected error, and was given up after five tries.',
      effect: 'No entry is lost: its row is still there, and is tried again.',
      remedy:
        'The log shows the error: search it for `unexpected`. Correct it, then delete the messages in the dead-letter queues.',
    },
  ];
};
