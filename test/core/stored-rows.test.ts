import { expect, test } from 'vitest';
import { parseCircuitRow } from '../../lib/core/circuit/circuit-row.ts';
import { parseDueRow, parseLedgerRow } from '../../lib/core/ledger/row.ts';
import { parseFeedRow } from '../../lib/core/polling/feed-row.ts';
import { parseSlot, parseTick } from '../../lib/core/polling/schedule-rows.ts';
import { aCircuitRow, aFeedRow, anEntryRow, aPair, aPointer } from '../support/store-rows.ts';

test.each([anEntryRow(), aPointer(), aPair()])('a valid row is returned unchanged: $type', (row) => {
  expect(parseLedgerRow(row.key, row)).toEqual(row);
});

test('fields added by the store are dropped', () => {
  expect(parseLedgerRow('k1', { ...anEntryRow(), writeId: 'w', wakeShard: 'brand/144' })).toEqual(
    anEntryRow(),
  );
});

test.each([
  [{ state: 'gone' }, /Ledger row k1 cannot be read: state must be \(?"baselined".*not string/],
  [{ rev: 1.5 }, /rev must be .*not number/],
  [{ attempts: -1 }, /attempts must be >=0, not number/],
  [{ history: 'none' }, /history must be Array, not string/],
  [{ history: [{ at: 1, state: 'queued' }] }, /history\.0\.code must be "?code"?.*not undefined/],
  [{ alsoPosted: { 0: 1 } }, /alsoPosted must be Array, not object/],
  [{ title: ['secret'] }, /title must be .*not a list/],
  [{ key: '' }, /key must be !0, not string/],
])('a corrupt entry row is rejected by field, without its value: %j', (broken, message) => {
  const parse = () => parseLedgerRow('k1', { ...anEntryRow(), ...broken });

  expect(parse).toThrow(message);
  expect(parse).toThrow(/Correct or delete it by hand/);
  expect(parse).not.toThrow(/secret/);
});

test('all faults in a row are reported at once', () => {
  expect(() => parseLedgerRow('k1', { ...anEntryRow(), brand: 'x', link: 1 })).toThrow(
    /brand.*; link|link.*; brand/,
  );
});

test('a newer format is reported as such, whatever else the row contains', () => {
  const parse = () => parseLedgerRow('k1', { format: 99, type: 'novel' });

  expect(parse).toThrow(expect.objectContaining({ kind: 'config', code: 'ledger.newer-format' }));
});

test.each([
  ['feeds.corrupt-row', () => parseFeedRow('newsroom', { ...aFeedRow(), facts: 'AAEC' })],
  ['feeds.corrupt-row', () => parseFeedRow('newsroom', { ...aFeedRow(), trouble: { code: 'x.y' } })],
  ['feeds.corrupt-slot', () => parseSlot('newsroom', { notBefore: null })],
  ['feeds.corrupt-tick', () => parseTick('of the last tick', { rev: 1, lastTick: 5 })],
  ['circuit.corrupt-row', () => parseCircuitRow('machine/all', { ...aCircuitRow(), scope: 'everything' })],
  ['circuit.corrupt-row', () => parseCircuitRow('machine/all', { ...aCircuitRow(), by: 'nobody' })],
  ['ledger.corrupt-row', () => parseDueRow('k1', { key: 'k1', feed: 'a', brand: 1, state: 'queued' })],
])('other corrupt rows are rejected as %s', (code, parse) => {
  expect(parse).toThrow(expect.objectContaining({ kind: 'permanent', code }));
});

test.each(['all', 'brand/144', 'feed/newsroom'] as const)('a circuit breaker row may stop %s', (scope) => {
  expect(parseCircuitRow('x', aCircuitRow({ scope }))).toEqual(aCircuitRow({ scope }));
});
