// Written from the API reference alone, not from lib/core, so that a mistake in our schema is found here instead of
// repeated.

/** Field → its errors, as in the `errors` object of a 422. */
export type FieldErrors = Record<string, string[]>;

type Check = (value: unknown) => string | null;

const STATUS =
  'AUTOPUBLISHING DRAFT EXPIRED FAILED IMPORTED MISSING_APPROVALS PARTIALLY_FAILED POSTED SCHEDULED SKIPPED USERS_NOTIFIED'.split(
    ' ',
  );

const string: Check = (value) => (typeof value === 'string' ? null : 'Not a valid string.');
const boolean: Check = (value) => (typeof value === 'boolean' ? null : 'Not a valid boolean.');
const number: Check = (value) => (typeof value === 'number' ? null : 'Not a valid number.');

const wholeNumber: Check = (value) =>
  typeof value === 'number' && value % 1 === 0 ? null : 'Not a valid integer.';

const notNegative: Check = (value) =>
  wholeNumber(value) ?? ((value as number) >= 0 ? null : 'Must be greater than or equal to 0.');

const object: Check = (value) =>
  Object.prototype.toString.call(value) === '[object Object]' ? null : 'Not a valid object.';

const orNull =
  (check: Check): Check =>
  (value) =>
    value === null ? null : check(value);

const oneOf =
  (...options: string[]): Check =>
  (value) =>
    options.some((option) => option === value) ? null : `Must be one of: ${options.join(', ')}.`;

const listOf =
  (check: Check, maximum = Number.POSITIVE_INFINITY): Check =>
  (value) => {
    if (!Array.isArray(value)) return 'Not a valid list.';
    if (value.length > maximum) return `Longer than maximum length ${maximum}.`;
    return value.map(check).find((error) => error !== null) ?? null;
  };

const upTo =
  (units: number): Check =>
  (value) =>
    string(value) ?? ((value as string).length <= units ? null : `Longer than maximum length ${units}.`);

const daysIn = (year: number, month: number) =>
  new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();

const dateTime: Check = (value) => {
  const wrong = 'Not a valid datetime.';
  if (typeof value !== 'string') return wrong;
  const parts = value.match(
    /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:Z|[-+](\d{2}):(\d{2}))$/,
  );
  if (!parts) return wrong;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zoneHour = 0, zoneMinute = 0] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  const onClock = hour < 24 && minute < 60 && second < 60 && zoneHour < 24 && zoneMinute < 60;
  const onCalendar = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  return onClock && onCalendar ? null : wrong;
};

const url: Check = (value) => {
  const wrong = 'Not a valid URL.';
  if (typeof value !== 'string' || /[\s\p{Control}]/u.test(value)) return wrong;
  if (!/^https?:\/\/./i.test(value)) return wrong;
  return URL.parse(value) ? null : wrong;
};

const uuid: Check = (value) =>
  typeof value === 'string' && /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(value)
    ? null
    : 'Not a valid UUID.';

// The API reference has these two in an example only, without a range.
const approvalRequest: Check = (value) => {
  const wrong = object(value);
  if (wrong) return wrong;
  const known = ['requested_by_user_id', 'review_user_id'];
  const unknown = Object.keys(value as object).find((key) => !known.includes(key));
  if (unknown) return `Unknown field: ${unknown}.`;
  return (
    Object.values(value as object)
      .map(wholeNumber)
      .find(Boolean) ?? null
  );
};

const FIELDS: ReadonlyMap<string, Check> = new Map(
  Object.entries({
    brand_id: notNegative,
    auto_publish: boolean,
    status: oneOf(...STATUS),
    text: upTo(2200), // TikTok's limit, which Dash Social applies
    media_ids: listOf(notNegative, 1),
    timestamp: orNull(dateTime),
    disable_comment: boolean,
    disable_duet: boolean,
    disable_stitch: boolean,
    thumbnail_offset: orNull(notNegative),
    branded_content_type: orNull(oneOf('promoted', 'paid_partnership')),
    music_info: orNull(object),
    approval_policy: oneOf('APPROVAL_REQUIRED', 'APPROVAL_NOT_REQUIRED'),
    approval_requests: listOf(approvalRequest),
    board_ids: listOf(notNegative),
    callback_socket_id: string,
    campaign_ids: listOf(notNegative),
    content_tag_ids: listOf(notNegative),
    creation_source: oneOf('RSS_FEED'),
    duplicate_to_brand_ids: listOf(notNegative, 55),
    post_group_id: uuid,
    sort_index: number,
    thumbnail_url: orNull(url),
    title: orNull(string),
  }),
);

/** Every body field in the API reference. */
export const pageFields = [...FIELDS.keys()];

const fieldErrors = (body: object): FieldErrors => {
  const errors: FieldErrors = {};
  for (const [field, value] of Object.entries(body)) {
    const check = FIELDS.get(field);
    const error = check ? check(value) : 'Unknown field.';
    if (error) errors[field] = [error];
  }
  return errors;
};

type Post = { status?: unknown; auto_publish?: unknown; timestamp?: unknown; media_ids?: unknown };

const modeErrors = (post: Post, now: number): FieldErrors => {
  const errors: FieldErrors = {};
  const goesOut = post.status === 'AUTOPUBLISHING' || post.status === 'SCHEDULED';
  if (goesOut && post.auto_publish !== true) errors.auto_publish = ['Must be true for this status.'];
  const media = Array.isArray(post.media_ids) ? post.media_ids.length : 0;
  const needsMedia = goesOut || (post.auto_publish === true && post.status !== 'DRAFT');
  if (needsMedia && media === 0) errors.media_ids = ['Auto-publish posts require video media.'];
  if (post.status !== 'SCHEDULED') return errors;
  if (typeof post.timestamp !== 'string') errors.timestamp = ['Required for scheduled posts.'];
  else if (new Date(post.timestamp).getTime() <= now) errors.timestamp = ['Must be in the future.'];
  return errors;
};

/** The errors of a new post according to the API reference; empty if it is valid. `now` is in epoch milliseconds. */
export const errorsOfNew = (body: object, now: number): FieldErrors => ({
  ...('brand_id' in body ? {} : { brand_id: ['Missing data for required field.'] }),
  ...modeErrors(body, now),
  ...fieldErrors(body),
});

/** The errors of a change: the same fields without `brand_id`, and the resulting post must be valid. */
export const errorsOfChange = (post: object, change: object, now: number): FieldErrors => ({
  ...modeErrors({ ...post, ...change }, now),
  ...fieldErrors(change),
  ...('brand_id' in change ? { brand_id: ['Unknown field.'] } : {}),
});
