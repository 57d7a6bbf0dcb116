import { beforeEach, describe, expect, it } from 'vitest';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { cliOver, type FakeTarget, fakeTarget, type Ran, type Sitting } from '../support/cli.ts';
import { anEntryRow } from '../support/store-rows.ts';

let target: FakeTarget;
let cli: (line: string, sitting?: Sitting) => Promise<Ran>;

const put = (...rows: Partial<EntryRow>[]) => {
  for (const given of rows) {
    const row = anEntryRow({ wakeAt: null, ...given });
    target.stores.ledger.rows.set(row.key, row);
  }
};
const stateOf = (key: string) => (target.stores.ledger.rows.get(key) as EntryRow).state;
const json = (ran: Ran) => JSON.parse(ran.out);

beforeEach(() => {
  target = fakeTarget();
  cli = cliOver(target);
});

describe('entries to review', () => {
  const waiting = (at: number) => ({
    state: 'review' as const,
    dueAt: 0,
    history: [{ at, state: 'review' as const, code: 'entry.new' }],
  });
  const now = Date.parse('2026-11-22T12:03:20Z');
  const day = 86_400_000;

  it.each([
    ['do not fail a check', now - day, 0, 'ok'],
    ['fail a check after 24 hours', now - day - 1, 1, 'failed'],
  ])('%s', async (_, at, code, state) => {
    await target.feedStore.saveTick({ rev: 1, lastTick: now, brands: [144] });
    put({ key: 'a', ...waiting(at) });

    const status = await cli('status --check --json', { clock: () => now });
    const doctor = json(await cli('doctor --json', { clock: () => now }));

    expect(status.code).toBe(code);
    expect(json(status).problems).toMatchObject([{ kind: 'entries-to-review', count: 1 }]);
    expect(doctor.checks).toContainEqual(expect.objectContaining({ check: '1 entry to review', state }));
  });

  it('are listed, approved and dismissed', async () => {
    put({ key: 'a', ...waiting(now) }, { key: 'b', ...waiting(now) }, { key: 'c', state: 'held' });

    expect(json(await cli('list --state review --json')).total).toBe(2);
    expect((await cli('approve c')).out).toContain('c is held, so you cannot approve it.');
    expect((await cli('approve a --even-if-old')).out).toContain('1 entry approved.');
    expect((await cli('dismiss --state review --yes')).out).toContain('1 entry dismissed.');
    expect(['a', 'b', 'c'].map(stateOf)).toEqual(['queued', 'dismissed', 'held']);
  });
});
