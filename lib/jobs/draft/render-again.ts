import type { Config, FeedConfig } from '../../core/config/config.ts';
import { type Renew, rendered } from '../../core/ledger/entry-state.ts';
import type { EntryRow, State } from '../../core/ledger/row.ts';
import type { Clock, Ledger } from '../../core/ports.ts';
import { modeOf } from '../../core/posts/exceeds-publish.ts';
import { renderStored } from '../../core/posts/render-post.ts';
import { settingsNow } from '../../core/posts/rendering.ts';
import type { TikTokPost } from '../../core/posts/tiktok-post.ts';

type Deps = {
  config: Pick<Config, 'feeds' | 'webhooks'>;
  ledger: Pick<Ledger, 'storedEntry'>;
  clock: Clock;
};

/**
 * What becomes of a row's post when it is sent. `as-it-is`: also where its entry is kept no longer, or its settings are
 * gone. `again`: `renew` lays the new post over the row, and over any later version of it.
 */
type Rendered =
  | { kind: 'as-it-is' }
  | { kind: 'again'; renew: Renew }
  | { kind: 'failed'; code: string; detail: string };

const asItIs: Rendered = { kind: 'as-it-is' };

/**
 * Makes the post of a row again, as at the door, if the settings it was made of have changed since or there is none.
 * Its brand stays, because what is known of the entry counts for that brand; and it goes as far as before, because only a
 * person decides that something that was to be a draft goes public. Writes nothing.
 */
export const renderAgain = async ({ config, ledger, clock }: Deps, row: EntryRow): Promise<Rendered> => {
  const now = settingsNow(config, row);
  if (now === null || row.storedAs === null) return asItIs;
  if (row.post !== null && now.rendering.from === row.rendering.from) return asItIs;
  const kept = await ledger.storedEntry(row.storedAs);
  if (kept === null) return asItIs;
  const result = renderStored(asRegistered(now.settings, row), kept, clock());
  if (!result.ok) return { kind: 'failed', code: result.code, detail: result.detail };
  return { kind: 'again', renew: rendered(result.post, now.rendering, clock()) };
};

const asRegistered = (settings: FeedConfig, { brand, post }: EntryRow): FeedConfig => ({
  ...settings,
  brandId: brand,
  publish: (post && modeOf(post)) ?? settings.publish,
});

const beforeSending: ReadonlySet<State> = new Set(['baselined', 'filtered', 'held', 'queued', 'rejected']);

/** The post that would be sent of a row, and what there is to say about that; the row's own once it may have been sent. */
export const postToSend = async (
  deps: Deps,
  row: EntryRow,
): Promise<{ post: TikTokPost | null; note: string | null }> => {
  const rendered: Rendered = beforeSending.has(row.state) ? await renderAgain(deps, row) : asItIs;
  switch (rendered.kind) {
    case 'as-it-is':
      return { post: row.post, note: null };
    case 'again':
      return { post: rendered.renew(row).post, note: changedWords };
    case 'failed':
      return { post: row.post, note: `${cannotWords}: ${rendered.detail}` };
  }
};

const changedWords =
  'feeds.yml has changed since its post was made: the post shown here is the one that is sent';
const cannotWords = 'no post can be made of it by feeds.yml as it is now, and it is held when its turn comes';
