import * as v from 'valibot';
import { isObject } from '../../is-object.ts';
import type { Rhythm } from '../config.ts';
import { cronFault, cronRemedy, cronRule } from '../cron-fault.ts';
import { parseDuration } from '../duration.ts';
import { mustBe } from '../wrong-value.ts';
import { closedMap, duration, type RawCheck, setting } from './config-schema.ts';

const CronExpression = v.pipe(
  v.string(mustBe(cronRule, cronRemedy)),
  v.check(
    (written) => cronFault(written) === null,
    mustBe(cronRule, (input) => cronFault(String(input)) ?? ''),
  ),
);

const maxAgeMessage = mustBe(
  'a duration or none',
  'write, for example, 30d, or none to take entries of any age',
);
const MaxAge = v.pipe(
  v.string(maxAgeMessage),
  v.check((text) => text === 'none' || parseDuration(text) !== null, maxAgeMessage),
);

/** The maximum age of an entry when it is first seen; the same for feeds and webhooks. */
export const ageEntries = {
  max_age: setting(MaxAge, 'Entries older than this make no draft; none: no limit. Default: 30d.'),
};

const defaultMaxAge = '30d';

/** Milliseconds; null for no limit. */
export const maxAgeOf = ({ max_age = defaultMaxAge }: { max_age?: string | undefined }): number | null =>
  parseDuration(max_age);

/** When a feed is polled. */
export const pollingEntries = {
  every: setting(duration, 'Polling interval. Default: adaptive, from min_interval to max_interval.'),
  cron: setting(CronExpression, 'When to poll, instead of every: minute hour day month weekday.'),
  min_interval: setting(duration, 'Shortest adaptive polling interval. Default: 10m.'),
  max_interval: setting(duration, 'Longest adaptive polling interval, if the server allows it. Default: 1d.'),
};

const contactMessage = mustBe(
  'an address of at most 200 characters that begins with https://, http:// or mailto:',
  'write, for example, https://www.example.com/about-our-bot or mailto:web@example.com',
);

/** Settings for all requests to publishers. */
export const PollingSection = closedMap({
  contact: setting(
    // as allowed by RFC 9110 in a User-Agent comment: no spaces, no brackets
    v.pipe(
      v.string(contactMessage),
      v.regex(/^(?:https?:\/\/|mailto:)[!#-'*-[\]-~]+$/i, contactMessage),
      v.maxLength(200, contactMessage),
    ),
    "Contact in the User-Agent, so that publishers can reach you. Default: the project's page.",
  ),
});

export const oneRhythm: RawCheck = ({ dataset: { value }, addIssue }) => {
  if (!isObject(value) || value.every === undefined || value.cron === undefined) return;
  addIssue({ message: 'has both every and cron: keep one of them' });
};

export const boundsMeanSomething: RawCheck = ({ dataset: { value }, addIssue }) => {
  if (!isObject(value)) return;
  const { min_interval: least, max_interval: most } = value;
  const set = ['min_interval', 'max_interval'].filter((key) => value[key] !== undefined);
  if (set.length > 0 && (value.every ?? value.cron) !== undefined)
    addIssue({
      message: `has ${set.join(' and ')} and ${value.every === undefined ? 'cron' : 'every'}, which exclude each other: keep one of them`,
    });
  if (typeof least !== 'string' || typeof most !== 'string') return;
  const [min, max] = [parseDuration(least), parseDuration(most)];
  if (min !== null && max !== null && min > max)
    addIssue({
      message: `has a min_interval of ${least}, longer than its max_interval of ${most}: swap them`,
    });
};

type AsWritten = {
  every?: string | undefined;
  cron?: string | undefined;
  min_interval?: string | undefined;
  max_interval?: string | undefined;
};

/** Most feeds polled here are the user's own site, which a conditional request every 15 minutes does not burden. */
const defaultMean = '15m';
const defaultMin = '10m';
const defaultMax = '1d';

const ms = (written: string): number => parseDuration(written) ?? 0;

/** Milliseconds between two polls, averaged over the fleet. */
export const meanOf = ({ mean_interval = defaultMean }: { mean_interval?: string | undefined }): number =>
  ms(mean_interval);

/** A feed is polled adaptively by default; its own settings take precedence over the defaults. */
export const rhythmOf = (layers: AsWritten[], timezone: string, meanMs: number): Rhythm => {
  const chosen = layers.find(
    (layer) => layer.every ?? layer.cron ?? layer.min_interval ?? layer.max_interval,
  );
  const { every, cron } = chosen ?? {};
  if (cron !== undefined) return { cron, timezone };
  if (every !== undefined) return { everyMs: ms(every) };
  const { min_interval, max_interval } = Object.assign({}, ...layers.toReversed()) as AsWritten;
  const minMs = ms(min_interval ?? defaultMin);
  const maxMs = ms(max_interval ?? defaultMax);
  return { adaptive: { meanMs, minMs: Math.min(minMs, maxMs), maxMs: Math.max(minMs, maxMs) } };
};
