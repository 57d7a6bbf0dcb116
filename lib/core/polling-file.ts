import * as v from 'valibot';
import type { Rhythm } from './config.ts';
import { duration, type RawCheck, setting } from './config-schema.ts';
import { cronFault, cronRemedy, cronRule } from './cron-fault.ts';
import { parseDuration } from './duration.ts';
import { isObject } from './tiktok-post.ts';
import { mustBe } from './wrong-value.ts';

const CronExpression = v.pipe(
  v.string(mustBe(cronRule, cronRemedy)),
  v.check(
    (written) => cronFault(written) === null,
    mustBe(cronRule, (input) => cronFault(String(input)) ?? ''),
  ),
);

/** When a feed is polled. */
export const pollingEntries = {
  every: setting(
    duration,
    'How often to poll: 15m, 1h, 2d. Default: as often as the feed publishes deserves.',
  ),
  cron: setting(CronExpression, 'When to poll, instead of every: minute hour day month weekday.'),
  min_interval: setting(duration, 'Without every or cron: polled no more often than this. Default: 10m.'),
  max_interval: setting(
    duration,
    'Without every or cron: polled no less often than this, if its server allows. Default: 1d.',
  ),
};

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
      message: `has ${set.join(' and ')} beside ${value.every === undefined ? 'cron' : 'every'}, which says it all: keep one of them`,
    });
  if (typeof least !== 'string' || typeof most !== 'string') return;
  const [min, max] = [parseDuration(least), parseDuration(most)];
  if (min !== null && max !== null && min > max)
    addIssue({
      message: `has a min_interval of ${least}, longer than its max_interval of ${most}: exchange them`,
    });
};

type AsWritten = {
  every?: string | undefined;
  cron?: string | undefined;
  min_interval?: string | undefined;
  max_interval?: string | undefined;
};

const defaultMean = '1h';
const defaultMin = '10m';
const defaultMax = '1d';

const ms = (written: string): number => parseDuration(written) ?? 0;

/** Milliseconds between two polls, on average over the fleet. */
export const meanOf = ({ mean_interval = defaultMean }: { mean_interval?: string | undefined }): number =>
  ms(mean_interval);

/** A feed that says nothing goes by its own rate; the nearer of two layers decides. */
export const rhythmOf = (layers: AsWritten[], timezone: string, meanMs: number): Rhythm => {
  const said = layers.find((layer) => layer.every ?? layer.cron ?? layer.min_interval ?? layer.max_interval);
  const { every, cron } = said ?? {};
  if (cron !== undefined) return { cron, timezone };
  if (every !== undefined) return { everyMs: ms(every) };
  const { min_interval, max_interval } = Object.assign({}, ...layers.toReversed()) as AsWritten;
  const minMs = ms(min_interval ?? defaultMin);
  const maxMs = ms(max_interval ?? defaultMax);
  return { adaptive: { meanMs, minMs: Math.min(minMs, maxMs), maxMs: Math.max(minMs, maxMs) } };
};
