import { Cron } from 'croner';
import * as v from 'valibot';
import { didYouMean } from './did-you-mean.ts';
import { parseDuration } from './duration.ts';
import { templateFaults } from './template-values.ts';

// Every message ends the sentence that begins with the field's path.

/** A map that knows its keys; each other key is a fault of its own, with the likeliest key meant. */
export const closedMap = <T extends v.ObjectEntries>(entries: T) =>
  v.pipe(
    v.looseObject(entries, 'is a map of settings'),
    v.rawCheck(({ dataset, addIssue }) => {
      const map = dataset.value as Record<string, unknown>;
      for (const key of Object.keys(map).filter((name) => !Object.hasOwn(entries, name))) {
        const path = [{ type: 'object' as const, origin: 'key' as const, input: map, key, value: map[key] }];
        addIssue({ message: unknownKey(key, Object.keys(entries)), path: path as never });
      }
    }),
  );

const unknownKey = (key: string, known: string[]): string => {
  const meant = didYouMean(key, known);
  return meant
    ? `is not a setting; did you mean ${meant}?`
    : `is not a setting; here there are ${known.join(', ')}`;
};

const flag = v.boolean('takes true or false');

const text = (message: string) => v.pipe(v.string(message), v.minLength(1, message));

const wholeNumber = (least: number, most: number) => {
  const message = `takes a whole number from ${least} to ${most}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(least, message), v.maxValue(most, message));
};

const knownTimezone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

/** IANA names only: an offset such as +02:00 would be wrong for half of the year. */
const Timezone = v.pipe(
  v.string('takes the name of a time zone such as Europe/Berlin'),
  v.check(
    (name) => /^[A-Za-z]/.test(name) && knownTimezone(name),
    'takes the name of a time zone such as Europe/Berlin',
  ),
);

const everyMessage = 'takes a duration of at least one minute such as 15m, 1h or 2d';
const Every = v.pipe(
  v.string(everyMessage),
  v.regex(/^[1-9]\d{0,6}[mhd]$/, everyMessage),
  v.check((written) => parseDuration(written) !== null, 'takes a duration of at most a year'),
);

const cronMessage = 'takes a cron expression of five fields such as "0 9 * * 1-5"';
const firesEver = (expression: string): boolean => {
  try {
    return new Cron(expression, { mode: '5-part' }).nextRun(new Date(0)) !== null;
  } catch {
    return false;
  }
};
const CronText = v.pipe(
  v.string(cronMessage),
  v.check(firesEver, `${cronMessage} that names a day that comes`),
);

/** A Liquid template whose every variable exists. */
const Template = v.pipe(
  v.string('takes a text'),
  v.rawCheck(({ dataset, addIssue }) => {
    if (dataset.typed) for (const message of templateFaults(dataset.value)) addIssue({ message });
  }),
);

const urlMessage = 'takes the whole address of a feed, beginning with https:// or http://';
const Url = v.pipe(
  v.string(urlMessage),
  v.check(
    (written) => /^https?:\/\/[^\s/]/i.test(written) && !/\s/.test(written) && URL.canParse(written),
    urlMessage,
  ),
  v.check((written) => {
    const url = URL.parse(written);
    return !url?.username && !url?.password;
  }, 'holds a user name or a password: take it out, this file is no place for secrets'),
  v.maxLength(2_048, 'is longer than 2,048 characters'),
);

const BrandId = wholeNumber(0, Number.MAX_SAFE_INTEGER);

const Publish = v.pipe(
  v.picklist(['draft', 'schedule', 'now'], 'takes draft'),
  v.check(
    (mode) => mode === 'draft',
    'takes draft: what is published needs a video, which a feed does not bring (a webhook can)',
  ),
);

/** What may stand in `defaults` and in each feed. */
const feedEntries = {
  allow_private: v.optional(flag),
  timezone: v.optional(Timezone),
  every: v.optional(Every),
  cron: v.optional(CronText),
  backfill: v.optional(wholeNumber(0, 1_000)),
  publish: v.optional(Publish),
  when_uncertain: v.optional(v.picklist(['retry', 'park', 'look_up'], 'takes retry, park or look_up')),
  paused: v.optional(flag),
  dedupe: v.optional(v.picklist(['brand', 'feed'], 'takes brand or feed')),
  brand_id: v.optional(BrandId),
  caption: v.optional(Template),
  post: v.nullish(v.record(v.string(), v.unknown(), 'is a map of fields of the API')),
};

const FeedDefaults = closedMap(feedEntries);
export type FeedDefaults = v.InferOutput<typeof FeedDefaults>;

const FeedAsWritten = closedMap({ url: Url, ...feedEntries });
export type FeedAsWritten = v.InferOutput<typeof FeedAsWritten>;

const FeedId = v.pipe(
  v.string(),
  v.regex(
    /^[a-z0-9][a-z0-9_-]{0,62}$/,
    'is no id for a feed: take a-z, 0-9, - and _, at most 63, a letter or digit first',
  ),
);

const Dash = closedMap({
  look_up: v.optional(flag),
  rate_per_minute: v.optional(wholeNumber(1, 1_000)),
});

/** feeds.yml as it is written, without its `x-…` keys. */
export const FeedsFile = closedMap({
  timezone: v.optional(Timezone),
  dash: v.nullish(Dash),
  defaults: v.nullish(FeedDefaults),
  feeds: v.nullish(v.record(FeedId, FeedAsWritten, 'is a map from ids to feeds')),
});
export type FeedsFile = v.InferOutput<typeof FeedsFile>;
