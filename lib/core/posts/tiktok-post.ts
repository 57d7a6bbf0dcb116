import * as v from 'valibot';
import { mustBe, nearest, unquoted } from '../config/wrong-value.ts';
import { isObject } from '../is-object.ts';

/** TikTok's own limit for a caption, in UTF-16 code units (Content Posting API). */
export const maxTextUnits = 2_200;

/** A TikTok post carries one video. */
const maxMedia = 1;

/** "Maximum array length: 55" in the API documentation. */
const maxDuplicates = 55;

/** Every value of `status` in the API documentation, in its order. */
export const statuses = [
  'AUTOPUBLISHING',
  'DRAFT',
  'EXPIRED',
  'FAILED',
  'IMPORTED',
  'MISSING_APPROVALS',
  'PARTIALLY_FAILED',
  'POSTED',
  'SCHEDULED',
  'SKIPPED',
  'USERS_NOTIFIED',
] as const;

/** One sentence per rule, preceded by the field's name. */
const ruleMessage =
  (field: string, ...rule: Parameters<typeof mustBe>) =>
  (issue: v.BaseIssue<unknown>) =>
    `${field} ${mustBe(...rule)(issue)}`;

// valibot's own object schemas accept a list as an object.
const object = (field: string, remedy: string) =>
  v.custom<Record<string, unknown>>(isObject, ruleMessage(field, 'an object', remedy));

const flag = (field: string) =>
  v.boolean(ruleMessage(field, 'true or false', unquoted(/^(true|false)$/, 'write one of the two')));

const unquotedNumber = unquoted(/^\s*-?\d+(\.\d+)?\s*$/, 'write a number');

const text = (field: string) => v.string(ruleMessage(field, 'a string', 'put it in quotes'));

const integer = (field: string) =>
  v.pipe(
    v.number(ruleMessage(field, 'a number', unquotedNumber)),
    v.safeInteger(ruleMessage(field, 'a whole number below 2^53', 'leave out the fraction')),
  );

const id = (field: string, remedy = 'use the id that Dash Social shows') =>
  v.pipe(integer(field), v.minValue(0, ruleMessage(field, '0 or more', remedy)));

const ids = (field: string) =>
  v.array(id(field), ruleMessage(field, 'a list of ids', 'write it in brackets, for example [12]'));

const picked = <const T extends readonly string[]>(field: string, options: T) =>
  v.picklist(options, ruleMessage(field, `one of ${options.join(', ')}`, nearest(options)));

const rfc3339 =
  /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

// `Date` turns 30 February into 2 March; only a real day is returned unchanged.
const isDay = (value: string): boolean => {
  const day = value.slice(0, 10);
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
};

const dateTime = (field: string) =>
  v.pipe(
    text(field),
    v.regex(
      rfc3339,
      ruleMessage(
        field,
        'a date-time of RFC 3339',
        'write it with its zone, for example 2026-03-10T15:00:00Z',
      ),
    ),
    v.check(
      (value) => !rfc3339.test(value) || isDay(value),
      ruleMessage(field, 'a day of the calendar', 'correct its month or day'),
    ),
  );

const webUrl = /^https?:\/\/\S+$/i;

const webAddress = (field: string) =>
  v.pipe(
    text(field),
    v.regex(webUrl, ruleMessage(field, 'an http or https address', 'write it in full and without spaces')),
    v.check(
      (value) => !webUrl.test(value) || (URL.canParse(value) && !/\p{Cc}/u.test(value)),
      ruleMessage(field, 'an address that can be read', 'correct its host, or remove control characters'),
    ),
  );

const uuid = (field: string) =>
  v.pipe(text(field), v.uuid(ruleMessage(field, 'a UUID', 'copy the 36 characters that Dash Social shows')));

/** The message for a name that is not in the API documentation. */
export const notAField = (field: string) =>
  `${field} is not a field of the API: remove it, or correct its spelling`;

const ofTheObject =
  (path: string, known: readonly string[]) =>
  (issue: v.BaseIssue<unknown>): string => {
    const key = issue.path?.at(-1)?.key;
    if (key === undefined)
      return ruleMessage(path || 'the post', 'an object', 'give its fields by name')(issue);
    const field = `${path && `${path}.`}${String(key)}`;
    return known.includes(String(key)) ? `${field} is missing: give it a value` : notAField(field);
  };

const approvalFields = {
  requested_by_user_id: v.exactOptional(integer('approval_requests.requested_by_user_id')),
  review_user_id: v.exactOptional(integer('approval_requests.review_user_id')),
};

const approvalRequest = v.pipe(
  object('each of approval_requests', 'give review_user_id and requested_by_user_id'),
  v.strictObject(approvalFields, ofTheObject('approval_requests', Object.keys(approvalFields))),
);

/**
 * Every body field of `POST /tiktok/scheduled_posts` by its API name, each on its own: type, range, enum and
 * nullability as documented. Rules across fields are in `checkPost`.
 */
export const postFields = {
  brand_id: id('brand_id'),
  auto_publish: flag('auto_publish'),
  status: picked('status', statuses),
  text: v.pipe(
    text('text'),
    v.maxLength(
      maxTextUnits,
      ruleMessage('text', `at most ${maxTextUnits.toLocaleString('en')} characters`, 'shorten the caption'),
    ),
  ),
  media_ids: v.pipe(
    ids('media_ids'),
    v.maxLength(
      maxMedia,
      ruleMessage('media_ids', 'a list of one id at most', 'TikTok takes one video, keep one'),
    ),
  ),
  timestamp: v.nullable(dateTime('timestamp')),
  disable_comment: flag('disable_comment'),
  disable_duet: flag('disable_duet'),
  disable_stitch: flag('disable_stitch'),
  thumbnail_offset: v.nullable(id('thumbnail_offset', 'count milliseconds from the start of the video')),
  branded_content_type: v.nullable(picked('branded_content_type', ['promoted', 'paid_partnership'])),
  music_info: v.nullable(object('music_info', 'give the sound as Dash Social describes it, or null')),
  approval_policy: picked('approval_policy', ['APPROVAL_REQUIRED', 'APPROVAL_NOT_REQUIRED']),
  approval_requests: v.array(
    approvalRequest,
    ruleMessage(
      'approval_requests',
      'a list of objects',
      'give review_user_id and requested_by_user_id in each',
    ),
  ),
  board_ids: ids('board_ids'),
  callback_socket_id: text('callback_socket_id'),
  campaign_ids: ids('campaign_ids'),
  content_tag_ids: ids('content_tag_ids'),
  creation_source: v.literal(
    'RSS_FEED',
    ruleMessage('creation_source', 'RSS_FEED', 'remove it, it is set for every post'),
  ),
  duplicate_to_brand_ids: v.pipe(
    ids('duplicate_to_brand_ids'),
    v.maxLength(
      maxDuplicates,
      ruleMessage('duplicate_to_brand_ids', `a list of ${maxDuplicates} ids at most`, 'remove some brands'),
    ),
  ),
  post_group_id: uuid('post_group_id'),
  sort_index: v.pipe(
    v.number(ruleMessage('sort_index', 'a number', unquotedNumber)),
    v.finite(ruleMessage('sort_index', 'a finite number', 'write a number')),
  ),
  thumbnail_url: v.nullable(webAddress('thumbnail_url')),
  title: v.nullable(text('title')),
};
export type PostField = keyof typeof postFields;

/**
 * Fields that the feed sets itself (`brand_id`, `caption`, `publish`), or that cannot be set: not allowed under
 * `post:`.
 */
export const ownFields: ReadonlySet<string> = new Set<PostField>([
  'brand_id',
  'text',
  'status',
  'auto_publish',
  'creation_source',
]);

/** Fields whose value is a string, and so may be a Liquid template in feeds.yml. */
export const stringFields: ReadonlySet<string> = new Set<PostField>([
  'text',
  'timestamp',
  'branded_content_type',
  'approval_policy',
  'callback_socket_id',
  'post_group_id',
  'thumbnail_url',
  'title',
]);

const { brand_id, status, auto_publish, creation_source, ...others } = postFields;

const optional = Object.fromEntries(
  Object.entries(others).map(([field, schema]) => [field, v.exactOptional(schema)]),
) as { [F in keyof typeof others]: v.ExactOptionalSchema<(typeof others)[F], undefined> };

/**
 * The body of `POST /tiktok/scheduled_posts`: every field on its own, unknown ones rejected. `creation_source` is
 * always set by us; `brand_id`, `status` and `auto_publish` are always sent.
 */
export const TikTokPost = v.strictObject(
  { brand_id, status, auto_publish, creation_source, ...optional },
  ofTheObject('', Object.keys(postFields)),
);
export type TikTokPost = v.InferOutput<typeof TikTokPost>;
