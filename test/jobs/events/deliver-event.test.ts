import { describe, expect, it } from 'vitest';
import { type Delivery, deliverForMs } from '../../../lib/core/change-events/delivery.ts';
import { retryable } from '../../../lib/core/errors.ts';
import type { AppEvent } from '../../../lib/core/events.ts';
import { type DeliverEventDeps, deliverEvent } from '../../../lib/jobs/events/deliver-event.ts';
import { aChangeEvent } from '../../support/change-events.ts';

const [a, b] = ['https://a.example/events?key=private', 'https://b.example/'];
const start = Date.UTC(2026, 10, 30);
const event = aChangeEvent();

/** An address list, a clock and a queue in which messages are hidden. */
const world = (changes: Partial<DeliverEventDeps> = {}) => {
  const posted: string[] = [];
  const hidden: [receipt: string, ms: number][] = [];
  const deadLetters: Delivery[] = [];
  const reported: AppEvent[] = [];
  let now = start;
  const deliver = deliverEvent({
    events: { webAddresses: [a, b].map((url) => ({ url, secretNames: ['one', 'two'] })) },
    putEvents: async () => [],
    postEvent: async (url, body, headers) => void posted.push(`${url} ${headers.signed} ${body.length}`),
    secret: async (name) => (name === 'one' ? 'value-of-one' : null),
    sign: ({ id }, secrets) => ({ signed: `${id}:${secrets.join()}` }),
    hideMessage: async (receipt, ms) => void hidden.push([receipt, ms]),
    sendDeadLetters: async (some) => void deadLetters.push(...some),
    clock: () => now,
    random: () => 0,
    ...changes,
  });
  const run = (to: string | null, receiveCount = 1) =>
    deliver(
      { to, event, receiveCount, sentAt: start, receipt: 'r' },
      { remainingMs: () => 1_000, report: (news) => void reported.push(news) },
    );
  return {
    ...{ run, posted, hidden, deadLetters, reported },
    pass: (ms: number) => {
      now += ms;
    },
  };
};

const down = async (): Promise<never> => {
  throw retryable('event.unreachable', 'a.example cannot be reached (ECONNREFUSED)');
};

describe('a delivery', () => {
  it('is posted, signed with the secrets that are stored', async () => {
    const { run, posted, hidden } = world();

    expect(await run(a)).toBeUndefined();
    expect(posted).toEqual([`${a} ${event.id}:value-of-one ${JSON.stringify(event).length}`]);
    expect(hidden).toEqual([]);
  });

  it('that fails is hidden until its next try, and reported without the path of the address', async () => {
    const { run, hidden, reported } = world({ postEvent: down });

    expect(await run(a)).toBe('again');
    expect(hidden).toEqual([['r', 30_000]]);
    expect(reported).toEqual([
      {
        event: 'event.not-delivered',
        id: event.id,
        to: 'a.example',
        code: 'event.unreachable',
        message: 'a.example cannot be reached (ECONNREFUSED)',
        tries: 1,
        nextAt: start + 30_000,
      },
    ]);
  });

  it('is tried with growing pauses for three days, then becomes a dead letter', async () => {
    const { run, hidden, deadLetters, reported, pass } = world({ postEvent: down });

    for (let tries = 1; (await run(a, tries)) === 'again'; tries += 1) pass(hidden.at(-1)?.[1] ?? 0);

    const hours = hidden.map(([, ms]) => ms / 3_600_000);
    const growing = hours.slice(0, -1); // the last one ends with the three days
    expect(growing).toEqual(growing.toSorted((x, y) => x - y));
    expect(Math.max(...hours)).toBeLessThan(12); // the longest that SQS hides a message
    expect(hidden.reduce((sum, [, ms]) => sum + ms, 0)).toBe(deliverForMs);
    expect(hidden.length).toBeLessThan(25);
    expect(deadLetters).toEqual([{ to: a, event }]);
    expect(reported.at(-1)).toMatchObject({ event: 'event.given-up', to: 'a.example' });
  });

  it('to one address does not depend on another, which fails', async () => {
    const posted: string[] = [];
    const { run } = world({ postEvent: async (url) => (url === a ? down() : void posted.push(url)) });

    expect(await Promise.all([run(a), run(b)])).toEqual(['again', undefined]);
    expect(posted).toEqual([b]);
  });

  it('without a stored secret is never sent unsigned', async () => {
    const { run, posted, reported } = world({ secret: async () => null });

    expect(await run(a)).toBe('again');
    expect(posted).toEqual([]);
    expect(reported).toMatchObject([
      { code: 'event.no-secret', message: expect.stringContaining('one or two') },
    ]);
  });

  it('for an address that was removed from feeds.yml is dropped', async () => {
    const { run, posted, hidden } = world();

    expect(await run('https://removed.example/')).toBeUndefined();
    expect([posted, hidden]).toEqual([[], []]);
  });

  it('for the event bus is put there', async () => {
    const put: string[] = [];
    const { run } = world({
      putEvents: async (events) => {
        put.push(...events.map(({ id }) => id));
        return [];
      },
    });

    expect(await run(null)).toBeUndefined();
    expect(put).toEqual([event.id]);
  });

  it('that the event bus refuses is tried again', async () => {
    const { run, reported } = world({ putEvents: async (events) => [...events] });

    expect(await run(null)).toBe('again');
    expect(reported).toMatchObject([{ code: 'event-bus.refused', to: 'event bus' }]);
  });

  it('that fails for a reason of ours is left to the handler', async () => {
    const { run } = world({
      postEvent: async () => {
        throw new TypeError('a bug');
      },
    });

    await expect(run(a)).rejects.toThrow('a bug');
  });
});
