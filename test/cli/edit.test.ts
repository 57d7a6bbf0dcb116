import { beforeEach, describe, expect, it } from 'vitest';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { cliOver, configOf, type FakeTarget, fakeTarget, type Ran, type Sitting } from '../support/cli.ts';
import { feedOf } from '../support/entries.ts';
import { anEntryRow } from '../support/store-rows.ts';

const now = Date.parse('2026-11-22T12:00:00Z');
let target: FakeTarget;
let cli: (line: string, sitting?: Sitting) => Promise<Ran>;

const row = () => target.stores.ledger.rows.get('a') as EntryRow;
const put = (given: Partial<EntryRow>) =>
  target.stores.ledger.rows.set('a', anEntryRow({ key: 'a', wakeAt: null, dueAt: 0, ...given }));
const json = (ran: Ran) => JSON.parse(ran.out);
const clock = () => now;

beforeEach(() => {
  target = fakeTarget();
  target.config = () => configOf([feedOf({ timezone: 'Europe/Berlin' })]);
  cli = cliOver(target);
  put({ state: 'review' });
});

describe('edit', () => {
  it('sets fields, in the time zone of the feed, and shows the post', async () => {
    const { code, out } = await cli('edit a --text Mine --media 12 --at 2026-12-01T09:00', { clock });

    expect(code).toBe(0);
    expect(out).toContain('Edited: A bridge is opened');
    expect(out).toContain('Mine');
    expect(row()).toMatchObject({
      state: 'review',
      post: { text: 'Mine', media_ids: [12], timestamp: '2026-12-01T08:00:00Z' },
      edited: { at: now },
    });
  });

  it('prints the post and its edits as JSON', async () => {
    expect(json(await cli('edit a --text Mine --json', { clock }))).toMatchObject({
      key: 'a',
      post: { text: 'Mine' },
      edited: { fields: { text: 'Mine' }, at: '2026-11-22T12:00:00.000Z' },
    });
  });

  it.each([
    ['nothing to change', 'edit a', /Use --text, --thumbnail, --media or --at, or --reset alone/],
    ['a reset with a caption', 'edit a --reset --text x', /or --reset alone/],
    ['a media ID that is none', 'edit a --media x1', /media_ids must be the ID of one video.*not "x1"/],
    ['a time that is none', 'edit a --at soon', /timestamp must be a time, not "soon".*Europe\/Berlin/],
    ['an empty caption', 'edit a --text none --text=', /text must not be empty/],
    ['a reset of nothing', 'edit a --reset', /a has no edits/],
  ])('refuses %s', async (_, line, message) => {
    const { code, err } = await cli(line, { clock });

    expect(code).not.toBe(0);
    expect(err).toMatch(message);
    expect(row().edited).toBeNull();
  });
});

describe('snooze', () => {
  it.each([
    ['2h', now + 7_200_000],
    ['2026-12-01T09:00', Date.parse('2026-12-01T08:00:00Z')],
    ['2026-12-01T09:00:00Z', Date.parse('2026-12-01T09:00:00Z')],
    ['now', now],
  ])('until %s sets the time before which nothing is sent', async (until, dueAt) => {
    const { out } = await cli(`snooze a --until ${until}`, { clock });

    expect(out).toContain('Not sent before');
    expect(row()).toMatchObject({ state: 'review', dueAt });
  });
});

describe('undo', () => {
  it('puts a dismissed entry back', async () => {
    await cli('dismiss a', { clock });
    const { code, out } = await cli('undo a', { clock });

    expect({ code, state: row().state }).toEqual({ code: 0, state: 'review' });
    expect(out).toContain('1 entry undone.');
  });

  it('has 10 seconds on a terminal, which then shows how; a script does not wait', async () => {
    const shown = await cli('approve a --even-if-old', { clock, columns: 100 });
    expect(shown.out).toContain('Undo it: npm run -s cli -- undo a');
    expect(row()).toMatchObject({ state: 'queued', dueAt: now + 10_000, wakeAt: now + 10_000 });
    await cli('undo a', { clock });

    await cli('approve a --even-if-old', { clock });

    expect(row()).toMatchObject({ state: 'queued', dueAt: now });
  });

  it('reports the draft of an entry that was sent', async () => {
    put({ state: 'drafted', postId: 1004 });

    const { code, out } = await cli('undo a', { clock });

    expect(code).toBe(1);
    expect(out).toMatch(/“.+” was sent already: draft 1004 is in Dash Social\./);
  });
});
