import * as v from 'valibot';
import type { TikTokPost } from './tiktok-post.ts';

/**
 * The fields that you set, in place of what their templates render; null leaves a field out of the post. The brand and
 * the publish mode are never among them.
 */
export const Edits = v.object({
  text: v.exactOptional(v.string()),
  thumbnail_url: v.exactOptional(v.nullable(v.string())),
  media_ids: v.exactOptional(v.array(v.number())),
  timestamp: v.exactOptional(v.nullable(v.string())),
});
export type Edits = v.InferOutput<typeof Edits>;

/** Only the fields that may be edited. */
export const onlyEdits = (given: Edits): Edits => v.parse(Edits, given);

/** Fields in place of what their templates render; null leaves one out. */
export type Overrides = { [Field in keyof TikTokPost]?: TikTokPost[Field] | null };

/** What replaces the output of a row's templates: the fields of its hook, and your own edits over them. */
export const overridesOf = ({
  enriched,
  edited,
}: {
  enriched: { fields: Overrides } | null;
  edited: { fields: Edits } | null;
}): Overrides => ({ ...enriched?.fields, ...edited?.fields });

/** A post with these fields in place of its own. */
export const withEdits = <P extends Partial<TikTokPost>>(post: P, edits: Overrides): P =>
  Object.fromEntries(
    Object.entries({ ...post, ...edits }).filter(
      ([field, value]) => value !== null || !Object.hasOwn(edits, field),
    ),
  ) as P;

/** Whether the time of a post was set by hand, so that no slot, delay or template decides it. */
export const hasOwnTime = ({ edited }: { edited: { fields: Edits } | null }): boolean =>
  edited?.fields.timestamp !== undefined;
