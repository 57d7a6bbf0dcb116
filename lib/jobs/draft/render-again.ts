import type { Config, FeedConfig } from '../../core/config/config.ts';
import { type Rerender, rendered } from '../../core/ledger/entry-state.ts';
import type { EntryRow, State } from '../../core/ledger/row.ts';
import type { Clock, Ledger } from '../../core/ports.ts';
import { overridesOf } from '../../core/posts/edits.ts';
import { modeOf } from '../../core/posts/exceeds-publish.ts';
import { renderStored } from '../../core/posts/render-post.ts';
import { settingsNow } from '../../core/posts/rendering.ts';
import type { TikTokPost } from '../../core/posts/tiktok-post.ts';
import { sentence } from '../../core/text/sentence.ts';

type Deps = {
  config: Pick<Config, 'feeds' | 'webhooks'>;
  ledger: Pick<Ledger, 'storedEntry'>;
  clock: Clock;
};

/**
 * The post of a row when it is sent. `as-it-is`: unchanged, also when its stored entry or its settings are gone.
 * `again`: `renew` applies the new post to the row, and to any later version of it.
 */
type Rendered =
  | { kind: 'as-it-is' }
  | { kind: 'again'; rerender: Rerender }
  | { kind: 'failed'; code: string; detail: string };

const asItIs: Rendered = { kind: 'as-it-is' };

/**
 * Renders a row's post again, as at registration, if the settings it was rendered with have changed or there is no
 * post. The brand stays, because the entry is known for that brand; and so does its publish mode, because only you
 * decide that a draft goes public; and the fields of its hook and edited ones stay as they are. Writes nothing.
 */
export const renderAgain = async ({ config, ledger, clock }: Deps, row: EntryRow): Promise<Rendered> => {
  const now = settingsNow(config, row);
  if (now === null || row.storedAs === null) return asItIs;
  if (row.post !== null && now.rendering.from === row.rendering.from) return asItIs;
  const kept = await ledger.storedEntry(row.storedAs);
  if (kept === null) return asItIs;
  const result = renderStored(asRegistered(now.settings, row), kept, clock(), overridesOf(row));
  if (!result.ok) return { kind: 'failed', code: result.code, detail: result.detail };
  return {
    kind: 'again',
    rerender: rendered({ post: result.post, rendering: now.rendering, edited: row.edited }, clock()),
  };
};

/** The settings with the brand and the publish mode that a row was registered with. */
export const asRegistered = (settings: FeedConfig, { brand, post }: EntryRow): FeedConfig => ({
  ...settings,
  brandId: brand,
  publish: (post && modeOf(post)) ?? settings.publish,
});

const beforeSending: ReadonlySet<State> = new Set([
  'baselined',
  'filtered',
  'held',
  'enriching',
  'review',
  'queued',
  'rejected',
]);

/** The post that would be sent for a row, with a note about it; the row's own post once it may have been sent. */
export const postToSend = async (
  deps: Deps,
  row: EntryRow,
): Promise<{ post: TikTokPost | null; note: string | null }> => {
  const rendered: Rendered = beforeSending.has(row.state) ? await renderAgain(deps, row) : asItIs;
  switch (rendered.kind) {
    case 'as-it-is':
      return { post: row.post, note: null };
    case 'again':
      return { post: rendered.rerender(row).post, note: changedNote };
    case 'failed':
      return { post: row.post, note: `${failedNote} ${sentence(rendered.detail)}` };
  }
};

/** A row's post without the fields of its hook, if there are any; null if it cannot be rendered anymore. */
export const postBeforeHook = async (
  { config, ledger, clock }: Deps,
  row: EntryRow,
): Promise<TikTokPost | null> => {
  const now = row.enriched?.outcome === 'answered' ? settingsNow(config, row) : null;
  const kept = now === null || row.storedAs === null ? null : await ledger.storedEntry(row.storedAs);
  if (now === null || kept === null) return null;
  const result = renderStored(asRegistered(now.settings, row), kept, clock(), row.edited?.fields);
  return result.ok ? result.post : null;
};

const changedNote =
  'The settings in feeds.yml have changed since it was registered; this is the post that will be sent.';
const failedNote =
  'No post can be rendered with the current settings in feeds.yml, so it will be held when it is due.';
