import * as v from 'valibot';
import { titleOf } from '../lib/core/entries/title-of.ts';
import type { EntryRow } from '../lib/core/ledger/row.ts';
import { allowedFrom, type Move } from '../lib/core/operator/moves.ts';
import { undoMs, undoneUntil } from '../lib/core/operator/undo.ts';
import { type MoveRequest, moveEntries } from '../lib/jobs/operator/move-entries.ts';
import { entryOf, outcomeOfMoves } from '../lib/jobs/operator/record-activity.ts';
import { stillWaits } from '../lib/jobs/operator/still-waits.ts';
import { type Action, back, record, rowAt } from './actions.ts';
import type { ConsoleContext } from './context.ts';
import type { Notice } from './notices.ts';
import { hasEdits, orRefusal, read, saveEdits } from './save-edits.ts';

const MoveForm = v.object({
  key: v.pipe(v.string(), v.minLength(1), v.maxLength(2_000)),
  move: v.picklist(Object.keys(allowedFrom) as Move[]),
  evenIfOld: v.optional(v.literal('yes')),
  evenIfLookedUp: v.optional(v.literal('yes')),
  postId: v.optional(
    v.pipe(v.string(), v.trim(), v.regex(/^\d{0,15}$/, 'the ID of a draft is a whole number')),
    '',
  ),
});

const doneWords: Record<Move, string> = {
  approve: 'is approved',
  release: 'is released',
  retry: 'is sent again',
  dismiss: 'is dismissed; no draft is made',
  confirm: 'is confirmed; its draft exists',
};

/** Moves one entry, in the state that it has now; what the editor was sent with is saved first. */
export const move: Action = async (context, form) => {
  const { key, move: name, postId, evenIfOld, evenIfLookedUp } = read(MoveForm, form);
  const row = await rowAt(context, key);
  const notice = await orRefusal(async () => {
    const saved = hasEdits(form) ? await saveEdits(context, row, form) : null;
    return moveRow(context, saved ?? row, {
      ...{ move: name, by: context.by, undoMs },
      ...{ postId: postId === '' ? null : Number(postId), evenIfOld: evenIfOld === 'yes' },
      evenIfLookedUp: evenIfLookedUp === 'yes',
    });
  }, ' Nothing was sent.');
  const next = notice.bad ? {} : await nextToReview(context, row, form.get('back'));
  return back(context, form.get('back'), { ...notice, ...next });
};

const moveRow = async (context: ConsoleContext, row: EntryRow, request: MoveRequest): Promise<Notice> => {
  const { target, clock } = context;
  const { done } = await record(
    context,
    { kind: request.move, ...entryOf(row) },
    {
      work: () => moveEntries({ ...target, config: target.config(), clock }, [row], request),
      outcomeOf: outcomeOfMoves,
    },
  );
  const [moved] = done;
  if (moved?.refusal) return { words: moved.refusal.message, bad: true };
  const after = moved?.row ?? row;
  const waits = await stillWaits({ ...target, config: target.config(), clock }, [after]);
  const turn = target.isRunning && waits.length === 0 ? undoneUntil(after, clock()) : null;
  const isLater = after.state === 'queued' && turn === null && waits.length === 0;
  const did = `${doneWords[request.move]}${isLater ? ' and waits for its turn' : ''}`;
  return {
    words: [`“${titleOf(row)}” ${did}.`, ...waits].join(' '),
    bad: false,
    ...(after.undo && { undo: row.key }),
    ...(turn !== null && { sentAt: turn }),
  };
};

/** The next entry to review, for a page that shows one entry. */
const nextToReview = async (
  { target }: ConsoleContext,
  { key, state }: EntryRow,
  path: string | null,
): Promise<Pick<Notice, 'next'>> => {
  if (state !== 'review' || !path?.startsWith('/entry?')) return {};
  const { rows } = await target.ledger.listed({ group: 'review', limit: 2 });
  const next = rows.find((row) => row.key !== key)?.key;
  return next === undefined ? {} : { next };
};
