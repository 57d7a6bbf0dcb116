import { describe, expect, it } from 'vitest';
import { endText, nextTryOf } from '../../../lib/core/operator/stop-end.ts';
import { aCircuitRow } from '../../support/store-rows.ts';

const pause = aCircuitRow({ by: 'person', reason: 'person', openUntil: null });
const outage = aCircuitRow({ reason: 'outage', openUntil: 9, failures: 0 });
const limit = aCircuitRow({ reason: 'throttled', openUntil: 9 });

describe('an automatic stop', () => {
  it.each([
    ['an outage', outage, [outage], 9, 'Nothing to do: posting resumes automatically.'],
    ['a lasting outage', { ...outage, failures: 3 }, [outage], 9, /keeps failing: check the status page/],
    ['an outage during a pause', outage, [outage, pause], null, 'It is tried again once posting is resumed.'],
    ['a rate limit', limit, [limit], 9, 'Nothing to do: posting resumes automatically.'],
    ['a rate limit during a pause', limit, [limit, pause], 9, /ends by itself; posting stays paused/],
  ])('ends as it can: %s', (_, row, circuits, next, text) => {
    const around = { isWorking: true, circuits };

    expect(nextTryOf(row, around)).toBe(next);
    expect(endText(row, around)).toMatch(text);
  });

  it.each([outage, limit])('ends only after a start where nothing runs: $reason', (row) => {
    const around = { isWorking: false, circuits: [row] };

    expect(nextTryOf(row, around)).toBeNull();
    expect(endText(row, around)).toBe('It is tried again once the service runs.');
  });
});
