import type { FeedConfig } from '../../core/config/config.ts';
import type { Registration } from '../../core/entries/candidate.ts';
import type { IdentifiedEntry } from '../../core/entries/identity/identified-entry.ts';
import { mapWithConcurrency } from '../../core/map-with-concurrency.ts';
import type { Invocation, ReadsFeeds, WakeUp } from '../../core/ports.ts';
import type { RenderedEntry } from '../../core/posts/render-entries.ts';
import { feedRendering } from '../../core/posts/rendering.ts';
import { compareWithRow, isToUpdate, type NoteEditsDeps, recordVersion } from '../note-edits.ts';
import { type ClassifiedEntry, isRead } from './open-document.ts';

type Deps = NoteEditsDeps & Pick<ReadsFeeds, 'renderEntries'>;

/** An entry of a document, and the row that it was found to belong to. */
type Known = { identified: IdentifiedEntry; key: string };

/** `forgotten`: entries whose version was not recorded yet, with the content hash that counts as seen until it is. */
export type FeedEdits = { wakeUps: WakeUp[]; forgotten: ReadonlyMap<IdentifiedEntry, string> };

/** The ledger reads those of this many rows in one request. */
const rowsAtOnce = 100;
const recordsAtOnce = 5;
/** Time reserved at the end of a call, for what follows. */
const reserveMs = 10_000;

/**
 * The entries that may have changed: those that the ledger knew, with another content than the feed showed last, or
 * for the first time.
 */
export const knownEntries = (
  classified: readonly ClassifiedEntry[],
  outcomes: readonly (Registration | null)[],
): Known[] =>
  classified.flatMap((one, at): Known[] => {
    if (!isRead(one)) return [];
    const { identified, recognized, unchanged, edited } = one;
    if (unchanged) return edited && recognized ? [{ identified, key: recognized.known.story }] : [];
    const outcome = outcomes[at];
    const isNewHere = edited || recognized === null;
    return outcome?.outcome === 'known' && isNewHere ? [{ identified, key: outcome.key }] : [];
  });

/** Two entries of one document that lead to one row are two texts, and neither is an edit of the other. */
const alone = (known: readonly Known[]): Known[] =>
  [...Map.groupBy(known, ({ key }) => key).values()].flatMap((of) => (of.length === 1 ? of : []));

/**
 * Records which articles changed after they became rows. Costs a read for each entry whose content changed, and a
 * write for each change that is recorded. Throws like the ledger; repeating it repeats nothing.
 */
export const noteFeedEdits = async (
  deps: Deps,
  feed: FeedConfig,
  { feedTitle, known }: { feedTitle: string | null; known: readonly Known[] },
  invocation: Invocation,
): Promise<FeedEdits> => {
  const forgotten = new Map<IdentifiedEntry, string>();
  if (feed.onEdit === 'ignore') return { wakeUps: [], forgotten };
  const [by, at] = [feedRendering(feed).by, deps.clock()];
  const shownOf = ({ normal }: IdentifiedEntry) => ({ contentHash: normal.contentHash, by, at });
  const compared = await mapWithConcurrency(alone(known), rowsAtOnce, async ({ identified, key }) => ({
    identified,
    found: await compareWithRow(deps, key, shownOf(identified)),
  }));
  const later = compared.flatMap(({ identified, found }) => (found ? [{ identified, ...found }] : []));
  for (const { identified, latest } of later) forgotten.set(identified, latest);
  const due = later.filter(({ kind }) => kind === 'later');
  const entries = due.map(({ identified }) => identified.entry);
  const rendered =
    entries.length === 0 ? [] : await deps.renderEntries({ feed, feedTitle, entries, now: at });
  const versions = due.map((one, i) => ({ ...one, rendered: rendered[i] as RenderedEntry }));
  const rows = await mapWithConcurrency(versions, recordsAtOnce, async ({ identified, row, rendered }) => {
    if (invocation.remainingMs() < reserveMs) return null;
    forgotten.delete(identified);
    const version = { ...rendered, shown: shownOf(identified) };
    return recordVersion(deps, row, version, feed.onEdit, invocation);
  });
  const wakeUps = rows.flatMap((row) => (row && isToUpdate(row) ? [{ key: row.key, brand: row.brand }] : []));
  return { wakeUps, forgotten };
};
