import type { TikTokPost } from './tiktok-post.ts';

/** The fields of a post that say what its article says. Media, time, tags and settings are not changed after a draft. */
const articleFields = ['text', 'title', 'thumbnail_url'] as const;
export type ArticleField = (typeof articleFields)[number];

/** A field of a draft: as it was sent, and as its template renders it from the article as it is now. */
export type DraftChange = { field: ArticleField; sent: string | null; now: string | null };

/** The fields of a draft that would be different if it were made now. */
export const draftChanges = (sent: TikTokPost, now: TikTokPost): DraftChange[] =>
  articleFields.flatMap((field) => {
    const [before, after] = [sent[field] ?? null, now[field] ?? null];
    return before === after ? [] : [{ field, sent: before, now: after }];
  });
