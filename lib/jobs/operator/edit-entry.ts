import type { Config, FeedConfig } from '../../core/config/config.ts';
import { rowOwners } from '../../core/config/row-owners.ts';
import { leadMs } from '../../core/dash/timing.ts';
import type { StoredEntry } from '../../core/entries/stored-entry.ts';
import { permanent, retryable } from '../../core/errors.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import { edit, refuseUnlessEditable, snooze } from '../../core/operator/edit.ts';
import { withUndo } from '../../core/operator/undo.ts';
import type { Clock, Ledger, SendWakeUps } from '../../core/ports.ts';
import { checkPost } from '../../core/posts/check-post.ts';
import { type Edits, type Overrides, onlyEdits, overridesOf, withEdits } from '../../core/posts/edits.ts';
import { modeOf } from '../../core/posts/exceeds-publish.ts';
import { type RenderedPost, renderStored } from '../../core/posts/render-post.ts';
import { settingsNow } from '../../core/posts/rendering.ts';
import { isVisible, tidyText } from '../../core/text/tidy-text.ts';
import { asRegistered } from '../draft/render-again.ts';

type Deps = {
  config: Pick<Config, 'feeds' | 'webhooks'>;
  ledger: Pick<Ledger, 'read' | 'replace' | 'storedEntry'>;
  sendWakeUps: SendWakeUps;
  clock: Clock;
};

type Person = { by: string; undoMs?: number };

const maxTurns = 20;

/** Changes the current version of a row; one that changed meanwhile is read, and the change made again. */
const change = async (
  { ledger }: Pick<Deps, 'ledger'>,
  key: string,
  make: (row: EntryRow) => Promise<EntryRow>,
): Promise<EntryRow> => {
  for (let turn = 0; turn < maxTurns; turn++) {
    const row = await ledger.read(key);
    if (row?.type !== 'entry') throw permanent('entry.unknown', `The ledger has no entry ${key}.`);
    const next = await make(row);
    if (await ledger.replace(next)) return next;
  }
  throw retryable('ledger.contended', `${key} changed ${maxTurns} times while it was being written`);
};

/** A queued row is woken when it is due, if that is soon; otherwise by the sweep. */
const wake = async ({ sendWakeUps, clock }: Deps, { state, key, brand, dueAt }: EntryRow): Promise<void> => {
  const waitS = Math.ceil(Math.max(0, dueAt - clock()) / 1000);
  if (state === 'queued' && waitS < 60) await sendWakeUps([{ key, brand }], waitS);
};

const kept = async ({ ledger }: Deps, { storedAs }: EntryRow): Promise<StoredEntry | null> =>
  storedAs === null ? null : ledger.storedEntry(storedAs);

/** The pictures of an entry, each once: its own choice first. */
export const picturesOf = ({ entry: { image, images, enclosures } }: StoredEntry): string[] => {
  const enclosed = enclosures.filter(({ type }) => type?.startsWith('image/')).map(({ url }) => url);
  return [...new Set([...(image === null ? [] : [image]), ...images, ...enclosed])];
};

const invalid = (message: string) => permanent('edit.invalid', message);

const refuseForeignPicture = (edits: Edits, stored: StoredEntry | null): void => {
  const url = edits.thumbnail_url;
  const pictures = stored === null ? [] : picturesOf(stored);
  if (!url || pictures.includes(url)) return;
  const remedy = pictures.length === 0 ? 'it has none' : `choose one of ${pictures.join(' ')}`;
  throw invalid(`thumbnail_url must be a picture of the entry, not ${JSON.stringify(url)}: ${remedy}`);
};

const refuseBadTime = ({ timestamp }: Edits, { post }: EntryRow, now: number): void => {
  if (!timestamp) return;
  if (post?.status === 'AUTOPUBLISHING')
    throw invalid('timestamp cannot be set, because this post goes public at once: remove it');
  if (Date.parse(timestamp) < now + leadMs)
    throw invalid(`timestamp must be at least 5 minutes ahead, not ${timestamp}: choose a later time`);
};

/** The fields as they are stored: only those that may be edited, and a caption tidied like a rendered one. */
const tidied = (given: Edits): Edits => {
  const { text, ...others } = onlyEdits(given);
  return text === undefined ? others : { ...others, text: tidyText(text) };
};

const checkEdits = (edits: Edits, row: EntryRow, stored: StoredEntry | null, now: number): void => {
  if (edits.text !== undefined && !isVisible(edits.text))
    throw invalid('text must not be empty: write a caption, or reset it to the template');
  refuseForeignPicture(edits, stored);
  refuseBadTime(edits, row, now);
};

type Made = Pick<EntryRow, 'rendering'> & { rendered: RenderedPost };

const checked = (row: EntryRow, edits: Overrides, now: number): RenderedPost => {
  if (row.post === null)
    throw invalid(
      `${row.key} has no post, and its entry is no longer stored, so it cannot be edited: dismiss it`,
    );
  const mode = modeOf(row.post) ?? 'draft';
  const result = checkPost(withEdits(row.post, edits), { mode, now });
  if (result.ok) return result;
  return {
    ok: false,
    code: 'post.invalid',
    detail: result.problems.map(({ message }) => message).join('; '),
  };
};

/** The post with these edits: from the stored entry with today's settings, or else from the row's own post. */
const makePost = (deps: Deps, row: EntryRow, stored: StoredEntry | null, edits: Overrides): Made => {
  const [settings, now] = [settingsNow(deps.config, row), deps.clock()];
  if (settings === null || stored === null)
    return { rendering: row.rendering, rendered: checked(row, edits, now) };
  const rendered = renderStored(asRegistered(settings.settings, row), stored, now, edits);
  return { rendering: settings.rendering, rendered };
};

const refuseReset = (row: EntryRow, stored: StoredEntry | null): void => {
  if (row.edited === null) throw invalid(`${row.key} has no edits, so there is nothing to reset`);
  if (stored === null)
    throw invalid(`${row.key} cannot be reset, because its entry is no longer stored: edit it instead`);
};

/** What to change: fields to set, or `reset` to return all of them to the template. */
type AskedEdit = Person & ({ fields: Edits } | { reset: true });

/**
 * Sets fields of a post that has not been sent yet; its templates no longer change them. The row keeps who did it and
 * when. Throws permanent `edit.not-allowed` by the row's state, and `edit.invalid`, which names the field, its value
 * and the remedy.
 */
export const editEntry = async (deps: Deps, key: string, asked: AskedEdit): Promise<EntryRow> => {
  const changed = 'fields' in asked ? tidied(asked.fields) : {};
  const edited = await change(deps, key, async (row) => {
    refuseUnlessEditable(row);
    const [stored, at] = [await kept(deps, row), deps.clock()];
    if ('reset' in asked) refuseReset(row, stored);
    checkEdits(changed, row, stored, at);
    const fields = 'reset' in asked ? null : { ...row.edited?.fields, ...changed };
    const { rendered, rendering } = makePost(
      deps,
      row,
      stored,
      overridesOf({ ...row, edited: { fields: fields ?? {} } }),
    );
    if (!rendered.ok) throw invalid(rendered.detail);
    const { by, undoMs = 0 } = asked;
    const made = { post: rendered.post, rendering, fields, changed };
    const decided = withUndo('edit', (one) => edit(one, made, { at, by, notBefore: at + undoMs }))(row);
    return decided as EntryRow;
  });
  await wake(deps, edited);
  return edited;
};

const longestSnoozeMs = 365 * 86_400_000;

/** Sets the time before which an entry is not sent; one that has passed ends that. Throws like `editEntry`. */
export const snoozeEntry = async (
  deps: Deps,
  key: string,
  { until, by }: { until: number; by: string },
): Promise<EntryRow> => {
  const at = deps.clock();
  if (until > at + longestSnoozeMs)
    throw invalid(
      `the time must be within a year, not ${new Date(until).toISOString()}: choose an earlier one`,
    );
  const snoozed = await change(
    deps,
    key,
    async (row) => withUndo('snooze', (one) => snooze(one, Math.max(at, until), { at, by }))(row) as EntryRow,
  );
  await wake(deps, snoozed);
  return snoozed;
};

/** The settings of the feed or webhook that an entry belongs to; undefined if feeds.yml no longer has it. */
export const ownerOf = (config: Deps['config'], { feed }: Pick<EntryRow, 'feed'>): FeedConfig | undefined =>
  rowOwners(config).find(({ id }) => id === feed);
