import * as v from 'valibot';
import type { ArticleField, DraftChange } from './draft-change.ts';
import { postFields } from './tiktok-post.ts';

/** What Dash Social shows of a post: its fields by their API names, and others. */
export type ShownPost = Readonly<Record<string, unknown>>;

/**
 * How a draft is to be changed. `change`: `body` holds every documented field that the post has now, with the changed
 * ones, so that a server that replaces the whole post loses nothing. `conflicts`: fields that were edited in Dash
 * Social, and stay.
 */
export type UpdatePlan =
  | { kind: 'not-possible'; why: string }
  | {
      kind: 'change';
      body: Record<string, unknown> | null;
      fields: Partial<Record<ArticleField, string | null>>;
      conflicts: ArticleField[];
    };

const names: Readonly<Record<ArticleField, string>> = {
  text: 'caption',
  title: 'title',
  thumbnail_url: 'thumbnail',
};

/** The names of fields for people. */
export const fieldNames = (fields: readonly ArticleField[]): string =>
  fields.map((field) => names[field]).join(', ');

/** An editor may store other line breaks and white space at the end. */
const comparable = (value: unknown): unknown =>
  typeof value === 'string' ? value.replaceAll('\r\n', '\n').trimEnd() : (value ?? null);

const isSame = (a: unknown, b: unknown): boolean => comparable(a) === comparable(b);

const unusable = (shown: ShownPost, brand: number): string | null => {
  if (shown.brand_id !== undefined && shown.brand_id !== brand)
    return `Dash Social shows the post for brand ${String(shown.brand_id)}, not ${brand}`;
  if (typeof shown.status !== 'string') return 'Dash Social does not show whether the post is still a draft';
  if (shown.status !== 'DRAFT') return `the post is not a draft anymore, but ${shown.status}`;
  if (typeof shown.live_post_url === 'string' && shown.live_post_url !== '') return 'the post is published';
  const isWithoutVideo = !Array.isArray(shown.media) || shown.media.length === 0;
  return shown.media_ids === undefined && !isWithoutVideo
    ? 'Dash Social does not show the ID of its video'
    : null;
};

/** Everything that a PATCH takes, as the post has it now; values that the documentation does not allow are left out. */
const documentedFields = (shown: ShownPost): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(postFields).flatMap(([field, schema]) => {
      const value = shown[field];
      return field === 'brand_id' || value === undefined || !v.is(schema, value) ? [] : [[field, value]];
    }),
  );

/**
 * Decides how to change a draft, from what was sent, what it is to say, and what Dash Social shows. A field is changed
 * only where it still has the value that was sent, or, `unchecked`, in any case; never after publication.
 */
export const planUpdate = (
  changes: readonly DraftChange[],
  shown: ShownPost,
  { brand, unchecked }: { brand: number; unchecked: boolean },
): UpdatePlan => {
  const why = unusable(shown, brand);
  if (why !== null) return { kind: 'not-possible', why };
  const open = changes.filter(({ field, now }) => !isSame(shown[field], now));
  const mine = open.filter(({ field, sent }) => unchecked || isSame(shown[field], sent));
  const conflicts = open.filter((one) => !mine.includes(one)).map(({ field }) => field);
  const done = changes.filter(({ field }) => !conflicts.includes(field));
  const values = Object.fromEntries(mine.map(({ field, now }) => [field, now]));
  return {
    kind: 'change',
    body: mine.length === 0 ? null : { ...documentedFields(shown), ...values },
    fields: Object.fromEntries(done.map(({ field, now }) => [field, now])),
    conflicts,
  };
};
