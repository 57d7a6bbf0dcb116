import { describe, expect, it } from 'vitest';
import { dayChart } from '../../console/chart.ts';
import { chooseEntries, chosenBy, chosenPath } from '../../console/choose-entries.ts';
import { daysOf } from '../../console/days.ts';
import { markupOf } from '../../console/html.ts';
import { openNotices } from '../../console/notices.ts';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { consoleScene } from '../support/console-scene.ts';
import { anEntryRow } from '../support/store-rows.ts';

const noon = new Date(2026, 10, 20, 12).getTime();
const hour = 3_600_000;

describe('entries per day', () => {
  it('are counted by local day, without existing entries', () => {
    const midnight = new Date(2026, 10, 20).getTime();
    const rows = [
      { state: 'drafted', seenAt: midnight } as const,
      { state: 'held', seenAt: midnight - 1 } as const,
      { state: 'baselined', seenAt: noon } as const,
      { state: 'queued', seenAt: noon - 3 * 24 * hour } as const,
      { state: 'drafted', seenAt: noon - 9 * 24 * hour } as const,
    ];

    const days = daysOf(rows, noon, 4);

    expect(days.map(({ date, counts }) => [date, ...Object.values(counts)])).toEqual([
      ['2026-11-17', 0, 1, 0, 0],
      ['2026-11-18', 0, 0, 0, 0],
      ['2026-11-19', 0, 0, 1, 0],
      ['2026-11-20', 1, 0, 0, 0],
    ]);
  });

  it('include each day once across a clock change', () => {
    const after = new Date(2026, 10, 3, 12).getTime(); // clocks in St. John's change on 1 November

    expect(daysOf([], after, 5).map(({ date }) => date)).toEqual([
      '2026-10-30',
      '2026-10-31',
      '2026-11-01',
      '2026-11-02',
      '2026-11-03',
    ]);
  });

  it('are drawn to scale, with a table', () => {
    const rows = [1, 2, 3].map(() => ({ state: 'drafted', seenAt: noon }) as const);

    const chart = markupOf(dayChart(daysOf(rows, noon, 2), 'id'));

    expect(chart).toContain('aria-label="Entries per day in the last 2 days, 3 in all"');
    expect(chart.match(/<rect /g)).toHaveLength(1);
    expect(chart).toContain('<th scope="row">20 Nov</th><td class="number">3</td>');
  });

  it('show a sentence instead of an empty chart', () => {
    expect(markupOf(dayChart(daysOf([], noon, 14), 'id'))).toBe(
      '<p class="quiet">Nothing new in the last 14 days.</p>',
    );
  });
});

const chosenAmong = async (rows: EntryRow[], query: string) => {
  const { context, target } = await consoleScene();
  target.stores.ledger.rows.clear();
  for (const row of rows) target.stores.ledger.rows.set(row.key, row);
  return chooseEntries(context, chosenBy(new URLSearchParams(query)), 25);
};

describe('filtering entries', () => {
  const rows = [
    anEntryRow({ key: 'a', title: 'Die Brücke' }),
    anEntryRow({ key: 'b', state: 'uncertain', wakeAt: null, postId: 1004, title: null }),
    anEntryRow({
      key: 'c',
      state: 'uncertain',
      wakeAt: 5,
      feed: 'journal',
      link: 'https://www.example.com/Straße',
    }),
    anEntryRow({ key: 'd', state: 'held', post: null }),
  ];
  const keys = async (query: string) => {
    const { rows: found, exact } = await chosenAmong(rows, query);
    return [...exact, ...found].map(({ key }) => key).toSorted();
  };

  it.each([
    ['', ['a', 'b', 'c', 'd']],
    ['state=waits', ['b', 'd']],
    ['state=uncertain', ['b', 'c']],
    ['state=nonsense', ['a', 'b', 'c', 'd']],
    ['feed=journal', ['c']],
    ['feed=journal&state=held', []],
    ['text=1004', ['b']],
    ['text=BRÜCKE+die', ['a']],
    ['text=d', ['a', 'b', 'c', 'd']],
    ['text=https://www.example.com/bridge', ['a', 'b', 'd']],
    ['text=stra%C3%9Fe', ['c']],
    ['text=nowhere', []],
  ])('by %j', async (query, expected) => {
    expect(await keys(query)).toEqual(expected);
  });

  it('keeps its filters in the address', () => {
    const chosen = {
      feed: 'a&b',
      state: 'waits',
      batch: 'news room.12',
      text: '"x" y',
      after: '2026#k',
    } as const;

    expect(chosenBy(new URL(chosenPath(chosen), 'http://x').searchParams)).toEqual(chosen);
  });
});

describe('possible duplicates', () => {
  it('have their own filter, whatever their state', async () => {
    const twice = anEntryRow({ key: 'twice', state: 'drafted', postId: 7, mayBeTwice: 1 });
    const rows = [anEntryRow({ key: 'once', state: 'drafted', postId: 8 }), twice];

    expect((await chosenAmong(rows, 'state=duplicates')).rows).toEqual([twice]);
  });
});

describe('notices', () => {
  it('are shown once, and dropped when too many are waiting', () => {
    const notices = openNotices();
    const first = notices.keep({ words: 'first', bad: false });
    const names = Array.from({ length: 100 }, (_, n) => notices.keep({ words: String(n), bad: true }));

    expect(notices.take(first)).toBeNull();
    expect(notices.take(names[0] ?? null)).toEqual({ words: '0', bad: true });
    expect(notices.take(names[0] ?? null)).toBeNull();
    expect(notices.take('toString')).toBeNull();
    expect(notices.take(null)).toBeNull();
  });
});
