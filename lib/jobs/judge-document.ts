import type { Arrival } from '../core/arrival.ts';
import type { Config, FeedConfig } from '../core/config.ts';
import type { FeedHints } from '../core/entry.ts';
import type { FeedRow } from '../core/feed-row.ts';
import { readDocument, type Sighting } from '../core/identity.ts';
import { type JudgedWindow, type Judgement, judge } from '../core/judge.ts';
import type { FetchAnswer, ParseFeed } from '../core/ports.ts';
import { type RenderedPost, renderPost } from '../core/render-post.ts';
import { scopeOf } from '../core/row-owners.ts';

type Needs = { config: Pick<Config, 'webhooks'>; parseFeed: ParseFeed };

/** What a server sent that is not just "unchanged". */
export type FeedDocument = Extract<FetchAnswer, { kind: 'document' }>;

/** A document, judged: who has read it and who only looks at it go on from the same. `feedTitle`: as it tells it. */
export type JudgedDocument = JudgedWindow & {
  feedTitle: string | null;
  hints: FeedHints;
  sightings: Sighting[];
  /** Entries that were equal to another in every identity. */
  twins: number;
};

/** Parses a document and judges its window from the feed's row; writes nothing. Throws `feed.*` as `parseFeed` does. */
export const judgeDocument =
  ({ config, parseFeed }: Needs) =>
  async (feed: FeedConfig, row: FeedRow | null, document: FeedDocument): Promise<JudgedDocument> => {
    const { title, entries, hints } = await parseFeed(document);
    const { sightings, twins } = readDocument(entries, scopeOf(feed, config.webhooks));
    return { ...judge(sightings, row, feed), feedTitle: title, hints, sightings, twins };
  };

/** A judged entry at the door, with its post rendered; without one it is for a person instead of a draft. */
export const arrivalOf = (
  feed: FeedConfig,
  feedTitle: string | null,
  judgement: Judgement,
): Arrival & { rendered: RenderedPost } => {
  const rendered = renderPost(feed, judgement.sighting.entry, { feedTitle });
  const unrenderable = !rendered.ok && judgement.verdict.state === 'queued';
  return {
    ...judgement,
    feed,
    side: 'feed',
    firstPublished: false,
    rendered,
    post: rendered.ok ? rendered.post : null,
    verdict: unrenderable
      ? { state: 'held', code: rendered.code, detail: rendered.detail }
      : judgement.verdict,
  };
};
