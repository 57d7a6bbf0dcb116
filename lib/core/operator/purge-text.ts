import type { EntryRow } from '../ledger/row.ts';

type Purgeable = Pick<EntryRow, 'state' | 'mayBeTwice' | 'postId'>;

const entries = (n: number): string => (n === 1 ? '1 entry' : `${n} entries`);

const draftTexts = (rows: readonly Purgeable[]): string[] => {
  const drafts = rows.filter(({ state }) => state === 'drafted');
  const maybe = rows.filter(({ state, mayBeTwice }) => state === 'uncertain' || mayBeTwice > 0).length;
  const [only] = drafts;
  return [
    ...(drafts.length === 1
      ? [
          `Draft ${only?.postId ?? '(unknown ID)'} stays in Dash Social. If its entry becomes a draft again, there are two.`,
        ]
      : []),
    ...(drafts.length > 1
      ? [
          `${drafts.length} drafts stay in Dash Social. If their entries become drafts again, there are two of each.`,
        ]
      : []),
    ...(maybe > 0 ? [`${entries(maybe)} may have several drafts, which can no longer be tracked.`] : []),
  ];
};

const waitingTexts = (rows: readonly Purgeable[]): string[] => {
  const queued = rows.filter(({ state }) => state === 'queued').length;
  return queued > 0 ? [`${entries(queued)} waiting to be sent will not be sent, unless received again.`] : [];
};

/** What happens to a deleted entry when it is received again. */
export const afterPurge =
  'The entry is new when it is next received: by the next poll of a feed that still lists it, or by a webhook.';

/** What a deletion of these entries means for their drafts. */
export const purgedDraftTexts = (rows: readonly Purgeable[]): string[] => [
  ...draftTexts(rows),
  ...waitingTexts(rows),
];
