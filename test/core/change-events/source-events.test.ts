import { describe, expect, it } from 'vitest';
import { circuitEvent, presentCircuit } from '../../../lib/core/change-events/circuit-event.ts';
import { feedEvent, parseChangedFeed, presentFeed } from '../../../lib/core/change-events/feed-event.ts';
import { halfOpened, pausedCircuit, trip } from '../../../lib/core/circuit/circuit-breaker.ts';
import type { CircuitRow } from '../../../lib/core/circuit/circuit-row.ts';

const at = Date.UTC(2026, 10, 30, 12);
const time = '2026-11-30T12:00:00.000Z';

const trouble = {
  url: 'https://www.example.com/feed.xml',
  code: 'feed.unreachable',
  message: 'no answer from https://user:pass@example.com',
  since: at - 86_400_000,
  failures: 3,
  lastAt: at,
  nextAt: at + 1,
};
const working = { id: 'newsroom', rev: 7, trouble: null };
const troubled = { id: 'newsroom', rev: 8, trouble };
const failing = { id: 'newsroom', rev: 9, trouble: { ...trouble, reported: true } };

describe('the event of a feed', () => {
  it('is sent when it begins to fail, with the code and without the message', () => {
    expect(feedEvent(troubled, failing, at + 5)).toEqual({
      type: 'feed.failing',
      schema_version: 1,
      id: 'feed/newsroom#9',
      time,
      subject: 'feed/newsroom',
      rev: 9,
      reason: 'feed.unreachable',
      replay: false,
      state: 'failing',
      previous_state: 'working',
      states: ['failing'],
      feed: 'newsroom',
    });
  });

  it('is sent when it works again', () => {
    expect(feedEvent(failing, { ...working, rev: 10 }, at)).toMatchObject({
      type: 'feed.working',
      id: 'feed/newsroom#10',
      time,
      reason: 'feed.unreachable',
    });
  });

  it.each([
    ['new', null, working],
    ['polled', working, { ...working, rev: 8 }],
    ['in trouble for a short time', working, troubled],
    ['out of trouble that was not reported', troubled, { ...working, rev: 9 }],
    ['failing for longer', failing, { ...failing, rev: 10 }],
  ])('is none while it is %s', (_, old, row) => {
    expect(feedEvent(old, row, at)).toBeNull();
  });

  it('is sent again on request while it fails', () => {
    expect(presentFeed(failing)).toMatchObject({ id: 'feed/newsroom#9', replay: true, previous_state: null });
    expect(presentFeed(troubled)).toBeNull();
  });

  it('is read from the few fields that it needs', () => {
    expect(parseChangedFeed('newsroom', { ...failing, facts: 'base64', pk: 'feed#newsroom' })).toEqual(
      failing,
    );
  });
});

const refused = trip(null, { scope: 'all', reason: 'unauthorized', at }) as CircuitRow;
const throttled = trip(null, { scope: 'all', reason: 'throttled', until: at + 1, at }) as CircuitRow;

describe('the event of a circuit', () => {
  it('is sent when posting stops', () => {
    expect(circuitEvent(null, refused, at + 9)).toEqual({
      type: 'circuit.opened',
      schema_version: 1,
      id: `circuit/machine/all/${at}#1`,
      time,
      subject: `circuit/machine/all/${at}`,
      rev: 1,
      reason: 'unauthorized',
      replay: false,
      state: 'opened',
      previous_state: 'closed',
      states: ['opened'],
      scope: 'all',
      by: 'machine',
    });
  });

  it('is sent when posting resumes, by the same subject and a higher rev', () => {
    expect(circuitEvent(halfOpened(refused, at), null, at + 1_000)).toMatchObject({
      type: 'circuit.closed',
      id: `circuit/machine/all/${at}#3`,
      time: '2026-11-30T12:00:01.000Z',
      reason: 'unauthorized',
    });
  });

  it('is sent for a pause by a person, without a name', () => {
    const event = circuitEvent(null, pausedCircuit(null, 'brand/144', at, 'ada@example.com'), at);

    expect(event).toMatchObject({
      type: 'circuit.opened',
      scope: 'brand/144',
      by: 'person',
      reason: 'person',
    });
    expect(JSON.stringify(event)).not.toContain('ada');
  });

  it.each<[string, CircuitRow | null, CircuitRow | null]>([
    ['opens because of the rate limit, which ends by itself', null, throttled],
    ['closes after the rate limit', throttled, null],
    ['is probed', refused, halfOpened(refused, at)],
    ['stays open for another reason', refused, { ...refused, reason: 'outage', rev: 2 }],
  ])('is none when it %s', (_, old, row) => {
    expect(circuitEvent(old, row, at)).toBeNull();
  });

  it.each<[string, CircuitRow, CircuitRow, string]>([
    ['opens', throttled, { ...refused, rev: 2 }, 'circuit.opened'],
    ['closes', { ...refused, rev: 1 }, { ...throttled, rev: 2 }, 'circuit.closed'],
  ])('is sent when one that is throttled %s, or the other way round', (_, old, row, type) => {
    expect(circuitEvent(old, row, at)).toMatchObject({ type, rev: 2 });
  });

  it('is sent again on request while it is open', () => {
    expect(presentCircuit(refused)).toMatchObject({ type: 'circuit.opened', replay: true });
    expect(presentCircuit(throttled)).toBeNull();
  });
});
