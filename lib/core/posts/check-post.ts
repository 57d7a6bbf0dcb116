import * as v from 'valibot';
import type { Publish } from '../config/config.ts';
import { shapeOf } from '../config/wrong-value.ts';
import { isObject } from '../is-object.ts';
import { notAField, type PostField, postFields, TikTokPost } from './tiktok-post.ts';

/**
 * The fields sent by each publish mode ("Publishing modes" in the API documentation; of a draft's two options we use
 * false).
 */
export const publishModes = {
  draft: { status: 'DRAFT', auto_publish: false },
  schedule: { status: 'SCHEDULED', auto_publish: true },
  now: { status: 'AUTOPUBLISHING', auto_publish: true },
} as const satisfies Record<Publish, Pick<TikTokPost, 'status' | 'auto_publish'>>;

/** The fault of one field; `field` is a dotted path, empty if the whole is not an object. */
type PostProblem = { field: string; message: string };
type CheckedPost = { ok: true; post: TikTokPost } | { ok: false; problems: PostProblem[] };

type Rule = {
  field: PostField;
  modes: readonly Publish[];
  holds: (post: Partial<TikTokPost>, mode: Publish, now: number) => boolean;
  message: (mode: Publish) => string;
};

// A missing timestamp breaks one rule, not two, so the next one only checks an existing timestamp.
const rules: Rule[] = [
  {
    field: 'status',
    modes: ['draft', 'schedule', 'now'],
    holds: (post, mode) => post.status === publishModes[mode].status,
    message: (mode) =>
      `status must be ${publishModes[mode].status} to publish: ${mode}; send that, or change publish`,
  },
  {
    field: 'auto_publish',
    modes: ['draft', 'schedule', 'now'],
    holds: (post, mode) => post.auto_publish === publishModes[mode].auto_publish,
    message: (mode) =>
      `auto_publish must be ${publishModes[mode].auto_publish} to publish: ${mode}; send that, or change publish`,
  },
  {
    field: 'media_ids',
    modes: ['schedule', 'now'],
    holds: (post) => (post.media_ids?.length ?? 0) > 0,
    message: (mode) =>
      `media_ids must contain a video to publish: ${mode}; give the id of one in the Library, or publish: draft`,
  },
  {
    field: 'timestamp',
    modes: ['schedule'],
    holds: (post) => typeof post.timestamp === 'string',
    message: () => 'timestamp is needed to publish: schedule; set one, or publish: draft',
  },
  {
    field: 'timestamp',
    modes: ['schedule'],
    holds: (post, _mode, now) => typeof post.timestamp !== 'string' || Date.parse(post.timestamp) > now,
    message: () => 'timestamp must be in the future to publish: schedule; choose a later time',
  },
];

const nameOf = (field: string) => field.split('.')[0] ?? '';

const problemsOfFields = (input: object): PostProblem[] => {
  const { issues = [] } = v.safeParse(TikTokPost, input);
  return issues
    .map((issue) => ({ field: v.getDotPath(issue) ?? '', message: issue.message }))
    .filter(({ field }) => Object.hasOwn(postFields, nameOf(field)));
};

// Separate from the schema, which stops at the first unknown field, so that all are reported.
const problemsOfNames = (input: object): PostProblem[] =>
  Object.keys(input)
    .filter((field) => !Object.hasOwn(postFields, field))
    .map((field) => ({ field, message: notAField(field) }));

const problemsOfMode = (input: object, wrong: ReadonlySet<string>, mode: Publish, now: number) =>
  rules
    .filter((rule) => rule.modes.includes(mode) && !wrong.has(rule.field))
    .filter((rule) => !rule.holds(input, mode, now))
    .map((rule) => ({ field: rule.field, message: rule.message(mode) }));

/**
 * Checks a rendered post: each field, and the requirements of the publish mode across fields. Reports every problem at
 * once; a field that is invalid by itself is not checked again across fields. `now` is epoch milliseconds.
 */
export const checkPost = (input: unknown, { mode, now }: { mode: Publish; now: number }): CheckedPost => {
  if (!isObject(input)) {
    const message = `the post must be an object, not ${shapeOf(input)}: give its fields by name`;
    return { ok: false, problems: [{ field: '', message }] };
  }
  const alone = problemsOfFields(input);
  const wrong = new Set(alone.map(({ field }) => nameOf(field)));
  const problems = [...alone, ...problemsOfNames(input), ...problemsOfMode(input, wrong, mode, now)];
  return problems.length === 0 ? { ok: true, post: v.parse(TikTokPost, input) } : { ok: false, problems };
};
