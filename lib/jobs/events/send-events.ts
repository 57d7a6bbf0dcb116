import type { ChangeEvent } from '../../core/change-events/change-event.ts';
import type { Delivery } from '../../core/change-events/delivery.ts';
import { changeEvent } from '../../core/change-events/row-change.ts';
import type { EventsConfig } from '../../core/config/config.ts';
import { AppError } from '../../core/errors.ts';
import type { Invocation, PutEvents, ReadChange, SendDeliveries, StreamRecord } from '../../core/ports.ts';

type SendEventsDeps = {
  events: Pick<EventsConfig, 'webAddresses'>;
  stage: string;
  readChange: ReadChange;
  /** Null: there is no event bus. */
  putEvents: PutEvents | null;
  sendDeliveries: SendDeliveries;
};

/**
 * Hands on the events of changed rows: to the event bus, and for each web address to the deliveries queue. What the bus
 * does not take is queued too, so only a failing queue makes the records come again. A row that cannot be read is
 * reported, and its event is left out.
 */
export const sendEvents =
  (deps: SendEventsDeps) =>
  async (records: readonly StreamRecord[], invocation: Invocation): Promise<void> => {
    const events = records.flatMap((record) => eventOf(deps, record, invocation) ?? []);
    if (events.length === 0) return;
    const left = await putOnBus(deps, events, invocation);
    const deliveries = deliveriesOf(deps, events, left);
    if (deliveries.length > 0) await deps.sendDeliveries(deliveries);
    invocation.report({ event: 'events.sent', events: events.length, deliveries: deliveries.length });
  };

const eventOf = (
  { readChange, stage }: SendEventsDeps,
  record: StreamRecord,
  { report }: Invocation,
): ChangeEvent | null => {
  try {
    const change = readChange(record);
    return change && changeEvent(change, stage);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    report({ event: 'row.corrupt', key: 'of a change', message: error.message });
    return null;
  }
};

/** The events that the bus did not take. */
const putOnBus = async (
  { putEvents }: SendEventsDeps,
  events: readonly ChangeEvent[],
  { report }: Invocation,
): Promise<readonly ChangeEvent[]> => {
  if (putEvents === null) return [];
  try {
    const left = await putEvents(events);
    if (left.length > 0)
      report({ event: 'events.bus-failed', events: left.length, code: 'event-bus.refused' });
    return left;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    report({ event: 'events.bus-failed', events: events.length, code: error.code });
    return events;
  }
};

const deliveriesOf = (
  { events: { webAddresses } }: SendEventsDeps,
  events: readonly ChangeEvent[],
  forBus: readonly ChangeEvent[],
): Delivery[] => [
  ...forBus.map((event) => ({ to: null, event })),
  ...events.flatMap((event) => webAddresses.map(({ url }) => ({ to: url, event }))),
];
