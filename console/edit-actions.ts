import * as v from 'valibot';
import { titleOf } from '../lib/core/entries/title-of.ts';
import { AppError, permanent } from '../lib/core/errors.ts';
import type { EntryRow } from '../lib/core/ledger/row.ts';
import { readEdits, readTime } from '../lib/core/operator/read-edits.ts';
import { undoMs } from '../lib/core/operator/undo.ts';
import type { Edits } from '../lib/core/posts/edits.ts';
import { tidyText } from '../lib/core/text/tidy-text.ts';
import { editEntry, ownerOf, snoozeEntry } from '../lib/jobs/operator/edit-entry.ts';
import { undoMoves } from '../lib/jobs/operator/move-entries.ts';
import { entryOf, outcomeOfMoves, outcomeOfOne } from '../lib/jobs/operator/record-activity.ts';
import { type Action, back, record, rowAt } from './actions.ts';
import type { ConsoleContext } from './context.ts';
import type { Notice } from './notices.ts';

const Key = v.pipe(v.string(), v.minLength(1), v.maxLength(2_000));
const Written = v.optional(v.pipe(v.string(), v.maxLength(20_000)));
const EditForm = v.object({
  key: Key,
  reset: v.optional(v.literal('yes')),
  editedAt: Written,
  text: Written,
  thumbnail: Written,
  media: Written,
  time: Written,
});
const SnoozeForm = v.object({ key: Key, until: v.pipe(v.string(), v.nonEmpty(), v.maxLength(60)) });
const UndoForm = v.object({ key: Key });

const read = <T>(schema: v.GenericSchema<unknown, T>, form: URLSearchParams): T => {
  const { success, output, issues } = v.safeParse(schema, Object.fromEntries(form));
  if (success) return output;
  throw permanent('console.bad-form', `That form cannot be read: ${issues[0].message}.`);
};

const servicesOf = ({ target, clock }: ConsoleContext) => ({ ...target, config: target.config(), clock });

const zoneFor = (context: ConsoleContext, row: EntryRow) => {
  const config = context.target.config();
  return { timezone: ownerOf(config, row)?.timezone ?? config.timezone, now: context.clock() };
};

/** The form holds every field; only those that differ from the post are edits. A minute is as exact as it is. */
const changedFields = (edits: Edits, { post }: EntryRow): Edits => {
  const sameTime = edits.timestamp?.slice(0, 16) === post?.timestamp?.slice(0, 16);
  const same: Record<keyof Edits, boolean> = {
    text: edits.text !== undefined && tidyText(edits.text) === (post?.text ?? ''),
    thumbnail_url: (edits.thumbnail_url ?? null) === (post?.thumbnail_url ?? null),
    media_ids: JSON.stringify(edits.media_ids) === JSON.stringify(post?.media_ids ?? []),
    timestamp: sameTime,
  };
  return Object.fromEntries(Object.entries(edits).filter(([field]) => !same[field as keyof Edits]));
};

/** What went wrong with the input is shown on the page, where it can be corrected. */
const orRefusal = async (work: () => Promise<Notice>): Promise<Notice> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError && error.code.startsWith('edit.'))) throw error;
    return { words: error.message, bad: true };
  }
};

/** Saves the fields of the editor, or resets them to the template. */
export const edit: Action = async (context, form) => {
  const { key, reset, editedAt, ...written } = read(EditForm, form);
  const row = await rowAt(context, key);
  const notice = await orRefusal(async () => {
    if (editedAt !== undefined && editedAt !== String(row.edited?.at ?? ''))
      return {
        words:
          'Nothing was saved, because the post was edited in the meantime. Check it, then edit it again.',
        bad: true,
      };
    const asked = { by: context.by, undoMs };
    const fields = changedFields(readEdits(written, zoneFor(context, row)), row);
    if (reset === undefined && Object.keys(fields).length === 0)
      return { words: 'Nothing was changed: all fields are as they were.', bad: false };
    await record(
      context,
      { kind: reset ? 'reset' : 'edit', ...entryOf(row) },
      {
        work: () =>
          editEntry(servicesOf(context), key, reset ? { ...asked, reset: true } : { ...asked, fields }),
        outcomeOf: () => outcomeOfOne(entryOf(row)),
      },
    );
    return { words: `${reset ? 'Reset to the template' : 'Saved'}.`, bad: false, undo: key };
  });
  return back(context, form.get('back'), notice);
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
