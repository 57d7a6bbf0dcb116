import type { Config } from '../../core/config/config.ts';
import { changedFields, type FieldChange } from '../../core/entries/difference.ts';
import type { StoredEntry } from '../../core/entries/stored-entry.ts';
import type { EntryRow, LaterVersion } from '../../core/ledger/row.ts';
import type { Clock, Ledger } from '../../core/ports.ts';
import { type DraftChange, draftChanges } from '../../core/posts/draft-change.ts';
import { overridesOf } from '../../core/posts/edits.ts';
import { type RenderedPost, renderStored } from '../../core/posts/render-post.ts';
import { settingsNow } from '../../core/posts/rendering.ts';
import { asRegistered } from '../draft/render-again.ts';

type Deps = {
  config: Pick<Config, 'feeds' | 'webhooks'>;
  ledger: Pick<Ledger, 'storedEntry'>;
  clock: Clock;
};

/** How an article changed after its entry was registered, and what that would change in its draft. */
export type ArticleChange = Pick<LaterVersion, 'state' | 'at' | 'difference' | 'why'> & {
  /** Field by field; null if a version is no longer stored. */
  fields: FieldChange[] | null;
  /** The fields of the draft that would be different; null if no post can be rendered, for the reason in `problem`. */
  draft: DraftChange[] | null;
  problem: string | null;
};

/** The post that the article as it is now would make; null if its settings or its entry are gone. */
export const renderLater = (
  { config, clock }: Pick<Deps, 'config' | 'clock'>,
  row: EntryRow,
  later: StoredEntry | null,
): RenderedPost | null => {
  const settings = settingsNow(config, row)?.settings;
  if (settings === undefined || later === null) return null;
  return renderStored(asRegistered(settings, row), later, clock(), overridesOf(row));
};

const gone = 'its article or its settings in feeds.yml are no longer stored';

const draftOf = (row: EntryRow, rendered: RenderedPost | null): Pick<ArticleChange, 'draft' | 'problem'> => {
  if (rendered === null || row.post === null) return { draft: null, problem: gone };
  if (!rendered.ok) return { draft: null, problem: rendered.detail };
  return { draft: draftChanges(row.post, rendered.post), problem: null };
};

/** Reads how an article changed; null if it did not. Two reads, of up to 60 kB each. */
export const readChange = async (deps: Deps, row: EntryRow): Promise<ArticleChange | null> => {
  if (row.laterVersion === null) return null;
  const { storedAs, state, at, difference, why } = row.laterVersion;
  const [before, later] = await Promise.all([
    row.storedAs === null ? null : deps.ledger.storedEntry(row.storedAs),
    deps.ledger.storedEntry(storedAs),
  ]);
  return {
    state,
    at,
    difference,
    why,
    fields: before && later && changedFields(before, later),
    ...draftOf(row, renderLater(deps, row, later)),
  };
};
