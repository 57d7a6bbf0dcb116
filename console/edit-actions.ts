import * as v from 'valibot';
import { titleOf } from '../lib/core/entries/title-of.ts';
import type { EntryRow } from '../lib/core/ledger/row.ts';
import { readTime } from '../lib/core/operator/read-edits.ts';
import { undoMs } from '../lib/core/operator/undo.ts';
import { editEntry, snoozeEntry } from '../lib/jobs/operator/edit-entry.ts';
import { undoMoves } from '../lib/jobs/operator/move-entries.ts';
import { entryOf, outcomeOfMoves, outcomeOfOne } from '../lib/jobs/operator/record-activity.ts';
import { type Action, back, record, rowAt } from './actions.ts';
import type { ConsoleContext } from './context.ts';
import type { Notice } from './notices.ts';
import { orRefusal, read, saveEdits, servicesOf, zoneFor } from './save-edits.ts';

const Key = v.pipe(v.string(), v.minLength(1), v.maxLength(2_000));
const EditForm = v.object({ key: Key, reset: v.optional(v.literal('yes')) });
const SnoozeForm = v.object({ key: Key, until: v.pipe(v.string(), v.nonEmpty(), v.maxLength(60)) });
const UndoForm = v.object({ key: Key });

/** Saves the fields of the editor, or resets them to the template. */
export const edit: Action = async (context, form) => {
  const { key, reset } = read(EditForm, form);
  const row = await rowAt(context, key);
  const notice = await orRefusal(async () => {
    if (reset) return resetPost(context, row);
    const saved = await saveEdits(context, row, form);
    return saved === null
      ? { words: 'Nothing was changed: all fields are as they were.', bad: false }
      : { words: 'Saved.', bad: false, undo: key };
  });
  return back(context, form.get('back'), notice);
};

const resetPost = async (context: ConsoleContext, row: EntryRow): Promise<Notice> => {
  await record(
    context,
    { kind: 'reset', ...entryOf(row) },
    {
      work: () => editEntry(servicesOf(context), row.key, { by: context.by, undoMs, reset: true }),
      outcomeOf: () => outcomeOfOne(entryOf(row)),
    },
  );
  return { words: 'Reset to the template.', bad: false, undo: row.key };
};

export const snooze: Action = async (context, form) => {
  const { key, until } = read(SnoozeForm, form);
  const row = await rowAt(context, key);
  const notice = await orRefusal(async () => {
    const at = readTime('The time', until, zoneFor(context, row));
    await record(
      context,
      { kind: 'snooze', ...entryOf(row) },
      {
        work: () => snoozeEntry(servicesOf(context), key, { until: at, by: context.by }),
        outcomeOf: () => outcomeOfOne(entryOf(row)),
      },
    );
    return {
      words: `“${titleOf(row)}” is ${until === 'now' ? 'no longer snoozed' : 'snoozed'}.`,
      bad: false,
      undo: key,
    };
  });
  return back(context, form.get('back'), notice);
};

export const undo: Action = async (context, form) => {
  const row = await rowAt(context, read(UndoForm, form).key);
  const { done } = await record(
    context,
    { kind: 'undo', ...entryOf(row) },
    { work: () => undoMoves(servicesOf(context), [row], { by: context.by }), outcomeOf: outcomeOfMoves },
  );
  const [undone] = done;
  const refusal = undone?.refusal;
  return back(
    context,
    form.get('back'),
    refusal ? { words: refusal.message, bad: true } : { words: 'Undone.', bad: false },
  );
};
