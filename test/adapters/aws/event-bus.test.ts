import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventBridge } from '../../../lib/adapters/aws/event-bus.ts';
import { ourAccess } from '../../../local/embedded/access.ts';
import { aChangeEvent } from '../../support/change-events.ts';
import { startEventBus } from '../../support/event-bus.ts';

let bus: Awaited<ReturnType<typeof startEventBus>>;
let client: EventBridgeClient;
beforeAll(async () => {
  bus = await startEventBus();
  client = new EventBridgeClient({ endpoint: bus.endpoint, ...ourAccess(), maxAttempts: 1 });
});
afterAll(async () => {
  client.destroy();
  await bus.close();
});
beforeEach(() => {
  bus.calls.length = 0;
  bus.refuse(() => false);
  bus.fail(null);
});

const pauses: number[] = [];
const put = (events: Parameters<ReturnType<typeof eventBridge>>[0]) =>
  eventBridge({ client, bus: 'news', pause: async (ms) => pauses.push(ms) })(events);
const events = (count: number) => Array.from({ length: count }, (_, n) => aChangeEvent({ key: `k${n}` }));

describe('the event bus', () => {
  it('gets each event as JSON, under its type', async () => {
    const event = aChangeEvent();

    expect(await put([event])).toEqual([]);
    expect(bus.calls).toEqual([
      [
        {
          EventBusName: 'news',
          Source: 'rss-drafts',
          DetailType: 'entry.queued',
          Time: Date.parse(event.time) / 1000,
          Detail: JSON.stringify(event),
        },
      ],
    ]);
  });

  it('gets ten events per call, which is its limit', async () => {
    await put(events(25));

    expect(bus.calls.map((entries) => entries.length)).toEqual([10, 10, 5]);
  });

  it('gets only the refused events of a call again, and reports those that it never takes', async () => {
    bus.refuse(({ Detail }) => Detail.includes('"k1"'));

    const left = await put(events(3));

    expect(left.map(({ id }) => id)).toEqual([aChangeEvent({ key: 'k1' }).id]);
    expect(bus.calls.map((entries) => entries.length)).toEqual([3, 1, 1]);
    expect(pauses).toEqual([100, 200]);
  });

  it.each([
    ['ResourceNotFoundException', { kind: 'config', code: 'event-bus.missing-bus' }],
    ['AccessDeniedException', { kind: 'config', code: 'event-bus.access-denied' }],
    ['ThrottlingException', { kind: 'retryable', code: 'event-bus.throttled' }],
  ])('that answers %s is an error with a decision', async (type, expected) => {
    bus.fail(type);

    await expect(put(events(1))).rejects.toMatchObject(expected);
  });

  it('has room for the ten largest events in one call', () => {
    const largest = aChangeEvent({
      title: '\u{1F5DE}'.repeat(150),
      link: `https://www.example.com/${'\u00e9'.repeat(4_000)}`,
    });

    expect(10 * Buffer.byteLength(JSON.stringify(largest))).toBeLessThan(256 * 1024);
  });
});
