import * as v from 'valibot';
import type { Tick } from '../core/polling/feed-message.ts';

const time =
  'must be a time in ISO 8601, as EventBridge Scheduler puts it for <aws.scheduler.scheduled-time>';

/**
 * `{ "feeds": ["newsroom"] }`: polls these feeds manually or from another schedule, whatever their interval. With
 * `"force": true` the poll sends no validators.
 */
const ManualPoll = v.strictObject({
  feeds: v.pipe(v.array(v.pipe(v.string(), v.minLength(1))), v.minLength(1)),
  force: v.exactOptional(v.boolean()),
});

/** `{ "scheduledTime": "2026-11-22T11:05:00Z" }` from the schedule; `{}` means now. */
const Scheduled = v.strictObject({
  scheduledTime: v.exactOptional(
    v.pipe(
      v.string(),
      v.check((text) => !Number.isNaN(Date.parse(text)), time),
      v.transform(Date.parse),
    ),
  ),
});

/**
 * The event that starts poll-feeds. Other fields are refused, so that a misspelt one does not mean "poll what is
 * due".
 */
export const TickEvent = v.pipe(
  v.union([ManualPoll, Scheduled], 'must be {"scheduledTime": …}, {"feeds": ["an id", …]} or {}'),
  v.transform(
    (event): Tick => ('feeds' in event ? event : { scheduledAt: event.scheduledTime ?? Date.now() }),
  ),
);
