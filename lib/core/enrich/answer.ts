import * as v from 'valibot';
import { shorten } from '../captions/shorten.ts';
import { didYouMean } from '../config/did-you-mean.ts';
import { shapeOf } from '../config/wrong-value.ts';
import { isObject } from '../is-object.ts';
import { checkPost } from '../posts/check-post.ts';
import { type Overrides, withEdits } from '../posts/edits.ts';
import { modeOf } from '../posts/exceeds-publish.ts';
import { maxTextUnits, postFields, type TikTokPost } from '../posts/tiktok-post.ts';
import { isVisible, tidyText } from '../text/tidy-text.ts';

/** The most bytes of an answer. */
export const maxAnswerBytes = 64 * 1_024;

const { text, title, media_ids, thumbnail_url, thumbnail_offset, music_info } = postFields;
const { branded_content_type, disable_comment, disable_duet, disable_stitch } = postFields;
const { board_ids, campaign_ids, content_tag_ids } = postFields;

/**
 * The fields that a hook may set. Not the brands, the approval, the time, or how public a post is: those are decided in
 * feeds.yml and by editors.
 */
const hookFields = {
  text,
  title,
  media_ids,
  thumbnail_url,
  thumbnail_offset,
  content_tag_ids,
  campaign_ids,
  board_ids,
  music_info,
  branded_content_type,
  disable_comment,
  disable_duet,
  disable_stitch,
};
type HookField = keyof typeof hookFields;
const isHookField = (name: string): name is HookField => Object.hasOwn(hookFields, name);

const asPublished = Object.fromEntries(
  Object.entries(hookFields).map(([field, schema]) => [
    field,
    v.optional<v.GenericSchema>(field === 'text' ? schema : v.nullable<v.GenericSchema>(schema)),
  ]),
);

/** A hook's answer as published; `readAnswer` checks more. */
export const Answer = v.object({
  skip: v.pipe(
    v.optional(v.nullable(v.string())),
    v.description('Why no post is made of this entry; a text that editors read.'),
  ),
  ...asPublished,
});

/** `leftOut`: what was not taken, as a sentence; null: everything was. `post`: the one given, with the fields. */
export type ReadAnswer =
  | { kind: 'answered'; fields: Overrides; post: TikTokPost; leftOut: string | null }
  | { kind: 'skipped'; reason: string }
  | { kind: 'unusable'; detail: string };

const maxReason = 300;

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A hook may return the whole post, so only fields with another value count. */
const changedFields = (answer: Record<string, unknown>, post: TikTokPost): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(answer).filter(
      ([field, value]) => value !== undefined && !same(value, (post as Record<string, unknown>)[field]),
    ),
  );

const nameFault = (field: string): string => {
  if (Object.hasOwn(postFields, field))
    return `${field} cannot be changed by a hook: leave it out, and set it in feeds.yml`;
  const meant = didYouMean(field, Object.keys(hookFields));
  return `${field} is not a field of an answer: ${meant === null ? 'remove it' : `did you mean ${meant}?`}`;
};

const valueFaults = (field: HookField, value: unknown): string[] => {
  if (value === null && field !== 'text') return [];
  if (field === 'text' && typeof value === 'string' && !isVisible(value))
    return ['text is empty: leave it out to keep the caption'];
  return (v.safeParse(hookFields[field], value).issues ?? []).map(({ message }) => message);
};

/** Texts are tidied and cut like rendered ones. */
const cutToFit = (value: unknown): unknown =>
  typeof value === 'string' ? shorten(tidyText(value), maxTextUnits) : value;
const texts: ReadonlySet<string> = new Set(['text', 'title']);

const cut = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [field, texts.has(field) ? cutToFit(value) : value]),
  );

/** A thumbnail only decorates Dash Social's own pages, so an invalid one is left out, as after rendering. */
const withoutBadThumbnail = ({ thumbnail_url: given, ...fields }: Record<string, unknown>) => {
  if (given === undefined) return { fields, leftOut: null };
  const [fault] = valueFaults('thumbnail_url', given);
  return fault === undefined
    ? { fields: { ...fields, thumbnail_url: given }, leftOut: null }
    : { fields, leftOut: `its thumbnail was left out: ${fault}` };
};

const unusable = (faults: string[]): ReadAnswer => ({ kind: 'unusable', detail: faults.join('; ') });

const readFields = (given: Record<string, unknown>, post: TikTokPost, now: number): ReadAnswer => {
  const { fields, leftOut } = withoutBadThumbnail(cut(changedFields(given, post)));
  const faults = Object.entries(fields).flatMap(([field, value]) =>
    isHookField(field) ? valueFaults(field, value) : [nameFault(field)],
  );
  if (faults.length > 0) return unusable(faults);
  const checked = checkPost(withEdits(post, fields as Overrides), { mode: modeOf(post) ?? 'draft', now });
  if (!checked.ok) return unusable(checked.problems.map(({ message }) => message));
  return { kind: 'answered', fields: fields as Overrides, post: checked.post, leftOut };
};

/**
 * Reads a hook's answer about a rendered post. Nothing, null or an empty object keep the post as it is; `skip` refuses
 * the entry; other fields replace those of the post, null leaves one out. Texts are cut to fit. Unusable: an unknown
 * field, one that a hook may not change, or a value that the API would refuse; the detail names each.
 */
export const readAnswer = (answer: unknown, post: TikTokPost, now: number): ReadAnswer => {
  if (answer === undefined || answer === null) return readFields({}, post, now);
  if (!isObject(answer)) return unusable([`the answer must be an object, not ${shapeOf(answer)}`]);
  const { skip, ...fields } = answer;
  if (skip === undefined || skip === null) return readFields(fields, post, now);
  if (typeof skip === 'string' && isVisible(skip))
    return { kind: 'skipped', reason: shorten(tidyText(skip), maxReason) };
  return unusable([`skip must be a reason as text, not ${shapeOf(skip)}: leave it out to go on`]);
};
