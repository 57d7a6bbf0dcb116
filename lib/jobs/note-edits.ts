import type { OnEdit } from '../core/config/config.ts';
import { keepEntryMs, keepEntryOfDraftMs } from '../core/dash/timing.ts';
import { changedFields, differenceLine } from '../core/entries/difference.ts';
import { type StoredEntry, storedEntryId } from '../core/entries/stored-entry.ts';
import { AppError } from '../core/errors.ts';
import { compareVersion, latestHash, recordLaterVersion, type Shown } from '../core/ledger/later-version.ts';
import { type EntryRow, isUnreadableRow } from '../core/ledger/row.ts';
import type { Clock, Invocation, Ledger } from '../core/ports.ts';
import type { RenderedPost } from '../core/posts/render-post.ts';
import { changeRow } from './change-row.ts';

export type NoteEditsDeps = {
  ledger: Pick<Ledger, 'read' | 'replace' | 'storeEntry' | 'storedEntry'>;
  clock: Clock;
};

/** The row that an entry belongs to, if its article changed; `latest`: the content hash that the row knows until now. */
type Compared = { kind: 'later' | 'too-soon'; row: EntryRow; latest: string };

/** Compares what a source shows with its row; null: nothing is to be done. An unreadable row is left alone. */
export const compareWithRow = async (
  { ledger }: Pick<NoteEditsDeps, 'ledger'>,
  key: string,
  shown: Shown,
): Promise<Compared | null> => {
  try {
    const row = await ledger.read(key);
    if (row?.type !== 'entry') return null;
    const kind = compareVersion(row, shown);
    return kind === 'same' ? null : { kind, row, latest: latestHash(row) };
  } catch (error) {
    if (isUnreadableRow(error)) return null;
    throw error;
  }
};

/** A version of an article, and the post that its source renders from it. */
type Version = { shown: Shown; stored: StoredEntry; rendered: RenderedPost };

const sameCaption = 'the caption stays the same';

const differenceOf = (row: EntryRow, before: StoredEntry | null, { stored, rendered }: Version): string => {
  const line = before === null ? '' : differenceLine(changedFields(before, stored));
  const isSame = row.edited === null && rendered.ok && rendered.post.text === row.post?.text;
  return [line || 'its text', ...(isSame ? [sameCaption] : [])].join('; ');
};

/** The version is stored before its row refers to it; a crash in between leaves what no row names and what expires. */
const store = async (
  { ledger, clock }: NoteEditsDeps,
  { key, state }: EntryRow,
  stored: StoredEntry,
): Promise<string | null> => {
  const id = storedEntryId(key, stored);
  try {
    await ledger.storeEntry(id, stored, clock() + (state === 'drafted' ? keepEntryOfDraftMs : keepEntryMs));
    return id;
  } catch (error) {
    if (error instanceof AppError && error.code === 'store.too-large') return null;
    throw error;
  }
};

/**
 * Records that an article changed, in one write of its row: the same version again, and a version that came too soon,
 * write nothing. Returns the row, or null if nothing was recorded. Safe to repeat, also concurrently.
 */
export const recordVersion = async (
  deps: NoteEditsDeps,
  row: EntryRow,
  version: Version,
  onEdit: OnEdit,
  invocation: Invocation,
): Promise<EntryRow | null> => {
  const before = row.storedAs === null ? null : await deps.ledger.storedEntry(row.storedAs);
  const difference = differenceOf(row, before, version);
  const storedAs = await store(deps, row, version.stored);
  if (storedAs === null) return null;
  const recorded = { ...version.shown, storedAs, difference, onEdit };
  const written = await changeRow(deps, row.key, recordLaterVersion(recorded), row);
  if (written === null) return null;
  const { key, feed, brand } = written;
  invocation.report({ event: 'article.changed', key, feed, brand });
  return written;
};

/** Whether its draft is to be changed, so that a wake-up is to be sent. */
export const isToUpdate = ({ state, laterVersion }: EntryRow): boolean =>
  state === 'drafted' && laterVersion?.state === 'updating';
