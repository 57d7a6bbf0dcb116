import type { FeedConfig } from '../../core/config/config.ts';
import type { Arrival } from '../../core/entries/arrival.ts';
import type { Clock, ReadsFeeds } from '../../core/ports.ts';
import type { RenderedEntry } from '../../core/posts/render-entries.ts';
import type { RenderedPost } from '../../core/posts/render-post.ts';
import { feedRendering } from '../../core/posts/rendering.ts';
import type { Judgement } from './judge-document.ts';

type Needs = Pick<ReadsFeeds, 'renderEntries'> & { clock: Clock };

/** A judged entry at the door, with its post rendered; without one it is for a person instead of a draft. */
export type Come = Arrival & { rendered: RenderedPost };

/** Judged entries of one document as they come to the door, in their order. Throws as `renderEntries` does. */
export const arrivalsOf =
  ({ renderEntries, clock }: Needs) =>
  async (feed: FeedConfig, feedTitle: string | null, judgements: readonly Judgement[]): Promise<Come[]> => {
    if (judgements.length === 0) return [];
    const entries = judgements.map(({ sighting }) => sighting.entry);
    const rendered = await renderEntries({ feed, feedTitle, entries, now: clock() });
    const by = { feed, rendering: feedRendering(feed) };
    return judgements.map((judgement, i) => arrivalOf(by, judgement, rendered[i] as RenderedEntry));
  };

const arrivalOf = (
  by: Pick<Arrival, 'feed' | 'rendering'>,
  judgement: Judgement,
  { kept, rendered, ruledOut }: RenderedEntry,
): Come => ({
  ...judgement,
  ...by,
  ...{ side: 'feed', firstPublished: false, kept, rendered, ruledOut },
  post: rendered.ok ? rendered.post : null,
  verdict:
    !rendered.ok && judgement.verdict.state === 'queued'
      ? { state: 'held', code: rendered.code, detail: rendered.detail }
      : judgement.verdict,
});
