import type { FeedConfig } from '../../core/config/config.ts';
import type { Candidate } from '../../core/entries/candidate.ts';
import type { Clock, ReadsFeeds } from '../../core/ports.ts';
import type { RenderedEntry } from '../../core/posts/render-entries.ts';
import type { RenderedPost } from '../../core/posts/render-post.ts';
import { feedRendering } from '../../core/posts/rendering.ts';
import type { ReadEntry } from './open-document.ts';

type Deps = Pick<ReadsFeeds, 'renderEntries'> & { clock: Clock };

/** A classified candidate with its rendered post; without a post it is held instead of drafted. */
export type RenderedCandidate = Candidate & { rendered: RenderedPost };

/** The classified entries of one document as candidates, in order. Throws like `renderEntries`. */
export const candidatesOf = async (
  { renderEntries, clock }: Deps,
  feed: FeedConfig,
  feedTitle: string | null,
  classifieds: readonly ReadEntry[],
): Promise<RenderedCandidate[]> => {
  if (classifieds.length === 0) return [];
  const entries = classifieds.map(({ identified }) => identified.entry);
  const rendered = await renderEntries({ feed, feedTitle, entries, now: clock() });
  const by = { feed, rendering: feedRendering(feed) };
  return classifieds.map((classified, i) => candidateOf(by, classified, rendered[i] as RenderedEntry));
};

const candidateOf = (
  by: Pick<Candidate, 'feed' | 'rendering'>,
  classified: ReadEntry,
  { stored, rendered, ruledOut }: RenderedEntry,
): RenderedCandidate => ({
  ...classified,
  ...by,
  side: 'feed',
  firstPublished: false,
  stored,
  rendered,
  ruledOut,
  post: rendered.ok ? rendered.post : null,
  verdict:
    !rendered.ok && classified.verdict.state === 'queued'
      ? { state: 'held', code: rendered.code, detail: rendered.detail }
      : classified.verdict,
});
