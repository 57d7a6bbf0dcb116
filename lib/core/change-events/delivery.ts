import * as v from 'valibot';
import type { BackOff } from '../backoff.ts';
import type { ChangeEvent } from './change-event.ts';

/** Not the whole schema: a release may deliver what another one queued. */
const QueuedEvent = v.custom<ChangeEvent>(
  (value) => v.is(v.looseObject({ id: v.string(), type: v.string(), time: v.string() }), value),
  'must be an event',
);

/** A message of the deliveries queue: an event for one web address; `to` null: for the event bus. */
export const Delivery = v.object({ to: v.nullable(v.string()), event: QueuedEvent });
export type Delivery = v.InferOutput<typeof Delivery>;

const hour = 3_600_000;

/** How long an event is sent again; then it is a dead letter. The queue keeps messages a day longer. */
export const deliverForMs = 72 * hour;

/**
 * From half a minute to half a day. SQS hides a message for at most twelve hours:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
 */
export const deliveryBackOff = {
  firstMs: 30_000,
  maxMs: 11 * hour,
  jitter: 'half',
} as const satisfies BackOff;
