import { beforeEach, describe, expect, it } from 'vitest';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { cliOver, type FakeTarget, fakeTarget } from '../support/cli.ts';
import { anEntryRow } from '../support/store-rows.ts';

let target: FakeTarget;
const cli = (line: string, answer?: string) => cliOver(target)(line, answer === undefined ? {} : { answer });
const states = () =>
  Object.fromEntries(
    [...target.stores.ledger.rows.values()].map((row) => [row.key, (row as EntryRow).state]),
  );

/** Three existing entries, one of them without a date, and one that is drafted. */
beforeEach(() => {
  target = fakeTarget();
  const existing: [key: string, published: string | null, state: EntryRow['state']][] = [
    ['january', '2026-01-10T00:00:00.000Z', 'baselined'],
    ['june', '2026-06-10T00:00:00.000Z', 'baselined'],
    ['undated', null, 'baselined'],
    ['drafted', '2026-07-01T00:00:00.000Z', 'drafted'],
  ];
  for (const [key, published, state] of existing)
    target.stores.ledger.rows.set(key, anEntryRow({ key, published, state, seenAt: 1_000, wakeAt: null }));
});

describe('backfill', () => {
  it('makes drafts of the newest existing entries, and wakes them', async () => {
    const { code } = await cli('backfill newsroom --last 1 --yes');

    expect(code).toBe(0);
    expect(states()).toEqual({
      january: 'baselined',
      june: 'queued',
      undated: 'baselined',
      drafted: 'drafted',
    });
    expect(target.stores.queues.wakeUps).toMatchObject([{ key: 'june' }]);
  });

  it('makes drafts of existing entries from a date on, using the first sighting of undated ones', async () => {
    await cli('backfill newsroom --since 2026-01-11 --yes');

    expect(states()).toMatchObject({ january: 'baselined', june: 'queued', undated: 'baselined' });
  });

  it('only lists entries on a dry run or without confirmation', async () => {
    const dry = await cli('backfill newsroom --last 2 --dry-run');
    const refused = await cli('backfill newsroom --last 2', 'n');
    const unattended = await cli('backfill newsroom --last 2');

    expect(unattended.err).toContain('This would release 2 entries');
    expect((await cli('backfill newsroom --last 1')).err).toContain('This would release 1 entry');
    expect(dry.out).toContain('2 entries would be released; nothing was done');
    expect(refused.out).toContain('nothing was done');
    expect(unattended).toMatchObject({
      code: 2,
      err: expect.stringContaining('list them with --dry-run, or confirm with --yes'),
    });
    expect(states().june).toBe('baselined');
  });

  it.each([
    ['backfill newsroom', 2, 'Choose entries'],
    ['backfill newsroom --last 1 --since 2026-01-01', 2, 'cannot be used with'],
    ['backfill newsroom --since yesterdayish', 2, 'must be a date'],
    ['backfill newsroom --last 0', 2, 'argument'],
    ['backfill nothing --last 1', 4, 'There is no feed nothing'],
  ])('refuses %j', async (line, code, words) => {
    const ran = await cli(line);

    expect(ran).toMatchObject({ code, err: expect.stringContaining(words) });
  });
});
