import * as v from 'valibot';
import { AppError, permanent } from '../lib/core/errors.ts';
import type { EntryRow } from '../lib/core/ledger/row.ts';
import { readEdits } from '../lib/core/operator/read-edits.ts';
import { undoMs } from '../lib/core/operator/undo.ts';
import type { Edits } from '../lib/core/posts/edits.ts';
import type { TikTokPost } from '../lib/core/posts/tiktok-post.ts';
import { tidyText } from '../lib/core/text/tidy-text.ts';
import { postToSend } from '../lib/jobs/draft/render-again.ts';
import { editEntry, ownerOf } from '../lib/jobs/operator/edit-entry.ts';
import { entryOf, outcomeOfOne } from '../lib/jobs/operator/record-activity.ts';
import { record } from './actions.ts';
import type { ConsoleContext } from './context.ts';
import type { Notice } from './notices.ts';

const Written = v.optional(v.pipe(v.string(), v.maxLength(20_000)));
const EditForm = v.object({
  editedAt: Written,
  text: Written,
  thumbnail: Written,
  media: Written,
  time: Written,
});

/** The fields of a form by this schema. Throws permanent `console.bad-form`. */
export const read = <T>(schema: v.GenericSchema<unknown, T>, form: URLSearchParams): T => {
  const { success, output, issues } = v.safeParse(schema, Object.fromEntries(form));
  if (success) return output;
  throw permanent('console.bad-form', `That form cannot be read: ${issues[0].message}.`);
};

export const servicesOf = ({ target, clock }: ConsoleContext) => ({
  ...target,
  config: target.config(),
  clock,
});

export const zoneFor = (context: ConsoleContext, row: EntryRow) => {
  const config = context.target.config();
  return { timezone: ownerOf(config, row)?.timezone ?? config.timezone, now: context.clock() };
};

/** The form holds every field; only those that differ from the post are edits. A minute is as exact as it is. */
const changedFields = (edits: Edits, post: TikTokPost | null): Edits => {
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
export const orRefusal = async (work: () => Promise<Notice>, more = ''): Promise<Notice> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError && error.code.startsWith('edit.'))) throw error;
    return { words: `${error.message}${more}`, bad: true };
  }
};

/** Whether a form was sent with the fields of the editor. */
export const hasEdits = (form: URLSearchParams): boolean => form.has('editedAt');

/**
 * Saves the fields of the editor that differ from the post it showed; the row afterwards, or null if none differs.
 * Throws permanent `edit.stale` if the post was edited since it was shown, and what `editEntry` throws.
 */
export const saveEdits = async (
  context: ConsoleContext,
  row: EntryRow,
  form: URLSearchParams,
): Promise<EntryRow | null> => {
  const { editedAt, ...written } = read(EditForm, form);
  if (editedAt !== undefined && editedAt !== String(row.edited?.at ?? ''))
    throw permanent(
      'edit.stale',
      'Nothing was saved, because the post was edited in the meantime. Check it, then edit it again.',
    );
  const services = servicesOf(context);
  const { post } = await postToSend(services, row);
  const fields = changedFields(readEdits(written, zoneFor(context, row)), post);
  if (Object.keys(fields).length === 0) return null;
  const { done } = await record(
    context,
    { kind: 'edit', ...entryOf(row) },
    {
      work: () => editEntry(services, row.key, { by: context.by, undoMs, fields }),
      outcomeOf: () => outcomeOfOne(entryOf(row)),
    },
  );
  return done;
};
