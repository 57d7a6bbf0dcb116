import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { readChange } from '../../../lib/adapters/aws/row-changes.ts';
import { changeEvent } from '../../../lib/core/change-events/row-change.ts';
import { trip } from '../../../lib/core/circuit/circuit-breaker.ts';
import { settleWithheld } from '../../../lib/core/ledger/entry-state.ts';
import { rowOf } from '../../support/entries.ts';
import { aFeedRow } from '../../support/store-rows.ts';

const image = (item: object) => marshall(item, { removeUndefinedValues: true });
/** As the ledger stores a row. */
const entryImage = (row: ReturnType<typeof rowOf>) =>
  image({ ...row, post: JSON.stringify(row.post), errors: 'null', undo: 'null', writeId: 'w' });
const at = 1_796_040_000;

const eventOf = (record: Parameters<typeof readChange>[0]) => {
  const change = readChange(record);
  return change && changeEvent(change, 'dev');
};

describe('a record of a stream', () => {
  it('of a new entry is its event, from this stage', () => {
    expect(eventOf({ NewImage: entryImage(rowOf()) })).toMatchObject({
      type: 'entry.queued',
      entry: 'guid-a',
      stage: 'dev',
    });
  });

  it('of an entry that went on holds the state before', () => {
    const old = rowOf({ claimId: 'c' });
    const row = settleWithheld('c', 5)(old);

    expect(eventOf({ OldImage: entryImage(old), NewImage: entryImage(row ?? old) })).toMatchObject({
      type: 'entry.drafted',
      previous_state: 'queued',
      reason: 'draft.would-have-been-sent',
    });
  });

  it.each([
    ['a removed entry, by age or by purge', { OldImage: entryImage(rowOf()) }],
    ['a pointer', { NewImage: image({ key: 'k', type: 'pointer', owner: 'guid-a' }) }],
    ['a stored entry', { NewImage: image({ key: 'kept-a', type: 'stored-entry' }) }],
    ['a schedule', { NewImage: image({ pk: 'schedule', sk: '0f' }) }],
    ['an alert', { NewImage: image({ pk: 'alert', sk: 'feed-failing/newsroom' }) }],
  ])('of %s is no event', (_, record) => {
    expect(eventOf(record)).toBeNull();
  });

  it('of a feed is read although its binary fields are text there', () => {
    const { facts: _, ...row } = aFeedRow();
    const trouble = {
      url: row.url,
      code: 'feed.gone',
      message: '',
      since: 1,
      failures: 1,
      lastAt: 2,
      nextAt: 3,
    };
    const keys = { pk: `feed#${row.id}`, sk: 'row' };
    const facts = { facts: { B: 'AAEC' } };
    const record = {
      OldImage: { ...image({ ...row, ...keys }), ...facts },
      NewImage: { ...image({ ...row, ...keys, rev: 2, trouble: { ...trouble, reported: true } }), ...facts },
    };

    expect(eventOf(JSON.parse(JSON.stringify(record)))).toMatchObject({
      type: 'feed.failing',
      feed: row.id,
      reason: 'feed.gone',
    });
  });

  it('of a circuit that was removed is its closing, at the time of the record', () => {
    const circuit = trip(null, { scope: 'all', reason: 'outage', at: 1 }) as object;
    const OldImage = image({ ...circuit, pk: 'circuit', sk: 'machine/all' });

    expect(eventOf({ OldImage, ApproximateCreationDateTime: at })).toMatchObject({
      type: 'circuit.closed',
      time: new Date(at * 1000).toISOString(),
    });
  });

  it('of a row that cannot be read is refused with its key', () => {
    expect(() => readChange({ NewImage: image({ key: 'k', type: 'entry' }) })).toThrow(
      /Ledger row k cannot be read/,
    );
  });
});
