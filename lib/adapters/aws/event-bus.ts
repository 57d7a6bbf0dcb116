import { setTimeout } from 'node:timers/promises';
import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { type BackOff, backOffMs } from '../../core/backoff.ts';
import type { ChangeEvent } from '../../core/change-events/change-event.ts';
import type { PutEvents } from '../../core/ports.ts';
import { awsError } from './aws-error.ts';

/** A bus and its client. `pause` waits between two tries of events that the bus refused. */
type EventBusOptions = {
  client: Pick<EventBridgeClient, 'send'>;
  /** Name or ARN. */
  bus: string;
  pause?: (ms: number) => Promise<unknown>;
};

/**
 * Of one call. An event has at most 12 kB: a title, an address and IDs. So ten are below the 256 kB of a call.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
const maxBatch = 10;
const tries = 3;
const retryDelaysMs = { firstMs: 100, maxMs: 1_000, jitter: 'none' } as const satisfies BackOff;

const inBatches = (events: readonly ChangeEvent[]): ChangeEvent[][] =>
  Array.from({ length: Math.ceil(events.length / maxBatch) }, (_, at) =>
    events.slice(at * maxBatch, (at + 1) * maxBatch),
  );

const entryOf = (bus: string) => (event: ChangeEvent) => ({
  EventBusName: bus,
  Source: 'rss-drafts',
  DetailType: event.type,
  Time: new Date(event.time),
  Detail: JSON.stringify(event),
});

/** Puts one batch; returns the events that the bus refused, which the call itself reports as success. */
const putBatch = async ({ client, bus }: EventBusOptions, events: ChangeEvent[]): Promise<ChangeEvent[]> => {
  try {
    const command = new PutEventsCommand({ Entries: events.map(entryOf(bus)) });
    const { Entries = [] } = await client.send(command);
    return events.filter((_, at) => Entries[at]?.EventId === undefined);
  } catch (error) {
    throw awsError('event-bus', 'bus', bus, error);
  }
};

/**
 * Puts events on an EventBridge bus, and returns those that it refused in three tries. Throws AppError `event-bus.*`:
 * retryable `unreachable` and `throttled` (some may be on the bus), config `missing-bus` and `access-denied`.
 */
export const eventBridge =
  ({ pause = setTimeout, ...options }: EventBusOptions): PutEvents =>
  async (events) => {
    let left = [...events];
    for (let attempt = 0; attempt < tries && left.length > 0; attempt += 1) {
      if (attempt > 0) await pause(backOffMs(attempt - 1, retryDelaysMs, 0));
      const refused: ChangeEvent[] = [];
      for (const batch of inBatches(left)) refused.push(...(await putBatch(options, batch)));
      left = refused;
    }
    return left;
  };
