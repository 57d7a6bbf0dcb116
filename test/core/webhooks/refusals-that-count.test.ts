import { describe, expect, it } from 'vitest';
import { refusalsThatCount } from '../../../lib/core/webhooks/deliveries.ts';
import type { DeliveryNote } from '../../../lib/core/webhooks/deliveries-row.ts';

const minute = 60_000;
const now = Date.UTC(2026, 10, 20, 12);

/** A note of a delivery so many minutes ago. */
const note = (ago: number, outcome: DeliveryNote['outcome'], reason: string | null = null): DeliveryNote => {
  const at = now - ago * minute;
  return { outcome, reason, entry: null, since: at, at, times: 1 };
};
const refused = (ago: number, reason = 'signature.mismatch') => note(ago, 'refused', reason);

describe('refused deliveries', () => {
  it.each<[string, DeliveryNote[]]>([
    ['there are none', []],
    ['one came just after an accepted one', [refused(0, 'signature.malformed'), note(1, 'queued')]],
    ['one came long after an accepted one', [refused(0), note(24 * 60, 'known')]],
    [
      'several came at once after an accepted one',
      [refused(0), refused(0, 'x'), refused(1), note(2, 'held')],
    ],
    ['one was accepted since', [note(0, 'ignored'), refused(1), refused(60)]],
  ])('are no problem when %s', (_, latest) => {
    expect(refusalsThatCount(latest, now)).toBeNull();
  });

  it.each<[string, DeliveryNote[]]>([
    ['none was ever accepted', [refused(0)]],
    ['none was accepted within a week', [refused(0), note(8 * 24 * 60, 'queued')]],
    ['they go on', [refused(0), refused(30), note(60, 'queued')]],
    ['the fault is ours', [note(0, 'failed', 'signature.no-secret'), note(1, 'queued')]],
  ])('are a problem when %s', (_, latest) => {
    expect(refusalsThatCount(latest, now)).toMatchObject({ at: now });
  });

  it('are one problem, with the latest reason, the first time and their number', () => {
    const latest = [refused(0), refused(30, 'signature.malformed'), note(60, 'queued')];

    expect(refusalsThatCount(latest, now)).toMatchObject({
      ...{ reason: 'signature.mismatch', since: now - 30 * minute, at: now, times: 2 },
    });
  });
});
