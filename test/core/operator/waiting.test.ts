import { describe, expect, it } from 'vitest';
import type { EntryRow } from '../../../lib/core/ledger/row.ts';
import { waitOf } from '../../../lib/core/operator/waiting.ts';
import { configOf } from '../../support/cli.ts';
import { feedOf } from '../../support/entries.ts';
import { aCircuitRow, anEntryRow } from '../../support/store-rows.ts';

const now = 1_000_000;
const config = configOf([feedOf()]);
const person = { by: 'person', reason: 'person', openUntil: null, openedAt: 7 } as const;

type Facts = Partial<Parameters<typeof waitOf>[1]>;
const wait = (row: Partial<EntryRow>, facts: Facts = {}) =>
  waitOf(anEntryRow({ state: 'queued', dueAt: 1, wakeAt: 1, ...row }), {
    config,
    circuits: [],
    now,
    isRunning: true,
    start: null,
    ...facts,
  });

const at = (code: string, state: EntryRow['state'] = 'queued', detail?: string) => ({
  history: [{ at: 500, state, code, ...(detail !== undefined && { detail }) }],
});

describe('while nothing runs', () => {
  const atRest = { isRunning: false, start: 'npm start -- --data d' };
  const rows: [string, Partial<EntryRow>][] = [
    ['queued', {}],
    ['queued for later', { dueAt: now + 9_000 }],
    ['being sent', { state: 'drafting', leaseUntil: now + 9 }],
    ['to be looked up', { state: 'uncertain', wakeAt: now + 9 }],
    ['asking its hook', { state: 'enriching' }],
  ];

  it.each(rows)('an entry %s names the start, and promises no try', (_, row) => {
    const found = wait(row, atRest);

    expect(found).toMatchObject({ until: null, remedy: 'Start it: npm start -- --data d' });
    expect(found?.why).toMatch(/^Not running, so no feed is polled and nothing is sent\. \w/);
  });

  it('a stop is still named, without a next try', () => {
    const circuits = [aCircuitRow({ scope: 'all', reason: 'outage', openUntil: now })];

    const found = wait({}, { ...atRest, circuits });

    expect(found).toMatchObject({ why: expect.stringContaining('is stopped'), until: null });
    expect(JSON.stringify(found)).not.toContain('automatically');
  });

  it('a pause needs both: resume it, and start the service', () => {
    expect(wait({}, { ...atRest, circuits: [aCircuitRow({ scope: 'all', ...person })] })?.remedy).toBe(
      'Resume it: `resume`. Start it: npm start -- --data d',
    );
  });
});

describe('a queued entry', () => {
  const stops: [string, Parameters<typeof aCircuitRow>[0], object][] = [
    [
      'all posting is paused',
      { scope: 'all', ...person },
      { why: 'All posting is paused.', since: 7, until: null },
    ],
    ['its brand is paused', { scope: 'brand/144', ...person }, { why: 'Brand 144 is paused.' }],
    [
      'its feed is paused',
      { scope: 'feed/newsroom', ...person },
      { remedy: 'Resume it: `resume --feed newsroom`.' },
    ],
    [
      'Dash Social is down',
      { scope: 'all', reason: 'outage', openUntil: now + 9, openedAt: 3 },
      { why: 'All posting is stopped: Dash Social is not responding correctly.', since: 3, until: now + 9 },
    ],
    [
      'Dash Social is down, with its last response',
      { scope: 'all', reason: 'outage', lastError: 'Dash Social returned 503' },
      { why: expect.stringContaining('not responding correctly (last: Dash Social returned 503).') },
    ],
    [
      'its brand is refused',
      { scope: 'brand/144', reason: 'forbidden' },
      { remedy: expect.stringContaining('brand_id') },
    ],
    ['the token is refused', { scope: 'all', reason: 'unauthorized' }, { remedy: 'Store a valid token.' }],
    [
      'the rate limit is reached',
      { scope: 'all', reason: 'throttled', openUntil: now + 9 },
      { why: expect.stringContaining('rate limit'), until: now + 9 },
    ],
  ];

  it.each(stops)('waits because %s', (_, circuit, expected) => {
    expect(wait({}, { circuits: [aCircuitRow(circuit)] })).toMatchObject(expected);
  });

  it('names a pause before an outage, because you can end it', () => {
    const circuits = [
      aCircuitRow({ scope: 'all', reason: 'outage' }),
      aCircuitRow({ scope: 'brand/144', ...person }),
    ];

    expect(wait({}, { circuits })).toMatchObject({ why: 'Brand 144 is paused.' });
  });

  it('ignores the circuit of another brand', () => {
    expect(wait({}, { circuits: [aCircuitRow({ scope: 'brand/7', ...person })] })).toMatchObject({
      why: 'It is due, and is sent in turn.',
    });
  });

  it('waits because feeds.yml pauses its feed', () => {
    expect(wait({}, { config: configOf([feedOf({ paused: true })]) })).toMatchObject({
      why: 'Feed newsroom is paused in feeds.yml.',
    });
  });

  it('will be held when its feed is gone from feeds.yml', () => {
    expect(wait({}, { config: configOf([]) })).toMatchObject({
      why: expect.stringContaining('will be held'),
    });
  });

  it.each([
    ['limit.per-day', undefined, 'Its feed has reached its daily limit.'],
    ['limit.quiet', undefined, 'It is quiet hours for its feed.'],
    ['draft.lease-ran-out', undefined, 'The worker that was sending it stopped, so it is sent again.'],
    ['dash.failed', 'status 500', 'The last attempt failed: status 500.'],
    ['entry.new', undefined, 'It is not due yet.'],
  ])('after %s (%s) waits until it is due: %s', (code, detail, why) => {
    expect(wait({ ...at(code, 'queued', detail), dueAt: now + 60 })).toMatchObject({
      why,
      since: 500,
      until: now + 60,
    });
  });

  it('is next in line when it is due', () => {
    expect(wait({ ...at('entry.new'), dueAt: 400, wakeAt: now + 5 })).toMatchObject({
      why: 'It is due, and is sent in turn.',
      since: 500,
      until: now + 5,
    });
  });
});

describe('an entry that is being sent', () => {
  const drafting = { state: 'drafting', ...at('draft.claimed', 'drafting') } as const;

  it('waits until its lease ends', () => {
    expect(wait({ ...drafting, leaseUntil: now + 5 })).toMatchObject({ since: 500, until: now + 5 });
  });

  it('reports that its worker stopped when its lease has ended', () => {
    expect(wait({ ...drafting, leaseUntil: now - 1 })).toMatchObject({
      why: 'The worker that was sending it stopped; its draft may exist.',
      until: now,
    });
  });
});

describe('an entry of unknown outcome', () => {
  const history = [
    { at: 100, state: 'drafting', code: 'draft.claimed' },
    { at: 200, state: 'uncertain', code: 'dash.timeout' },
    { at: 300, state: 'uncertain', code: 'look-up.inconclusive' },
  ] as const;

  it('shows since when, whatever was noted since', () => {
    expect(wait({ state: 'uncertain', wakeAt: null, history: [...history] })).toMatchObject({
      since: 200,
      until: null,
      remedy: 'Look in Dash Social, then confirm or retry it.',
    });
  });

  it('shows when it is looked up', () => {
    expect(wait({ state: 'uncertain', wakeAt: now + 5, history: [...history] })).toMatchObject({
      until: now + 5,
    });
  });
});

it.each(['held', 'rejected', 'drafted', 'filtered', 'baselined', 'dismissed'] as const)(
  'an entry that is %s waits for nothing',
  (state) => expect(wait({ state })).toBeNull(),
);
