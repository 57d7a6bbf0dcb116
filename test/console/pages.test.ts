import { describe, expect, it } from 'vitest';
import { dayChart } from '../../console/chart.ts';
import { chooseEntries, chosenBy, chosenPath } from '../../console/choose-entries.ts';
import { daysOf } from '../../console/days.ts';
import { markupOf } from '../../console/html.ts';
import { openNotices } from '../../console/notices.ts';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { consoleScene } from '../support/console-scene.ts';
import { anEntryRow } from '../support/store-rows.ts';

const timeZone = 'Pacific/Auckland';
/** In Auckland: 13 hours ahead of UTC in November. */
const noon = Date.UTC(2026, 10, 19, 23);
const hour = 3_600_000;

describe('entries per day', () => {
  it('are counted by day in the time zone of feeds.yml, without existing entries', () => {
    const midnight = noon - 12 * hour;
    const rows = [
      { state: 'drafted', seenAt: midnight } as const,
      { state: 'held', seenAt: midnight - 1 } as const,
      { state: 'baselined', seenAt: noon } as const,
      { state: 'queued', seenAt: noon - 3 * 24 * hour } as const,
      { state: 'drafted', seenAt: noon - 9 * 24 * hour } as const,
    ];

    const days = daysOf(rows, { now: noon, days: 4, timeZone });

    expect(days.map(({ date, counts }) => [date, ...Object.values(counts)])).toEqual([
      ['2026-11-17', 0, 1, 0, 0],
      ['2026-11-18', 0, 0, 0, 0],
      ['2026-11-19', 0, 0, 1, 0],
      ['2026-11-20', 1, 0, 0, 0],
    ]);
  });

  it('include each day once across a clock change', () => {
    const after = Date.UTC(2026, 10, 3, 15, 30); // clocks in St. John's change on 1 November

    expect(daysOf([], { now: after, days: 5, timeZone: 'America/St_Johns' }).map(({ date }) => date)).toEqual(
      ['2026-10-30', '2026-10-31', '2026-11-01', '2026-11-02', '2026-11-03'],
    );
  });

  it('are drawn to scale, with a table', () => {
    const rows = [1, 2, 3].map(() => ({ state: 'drafted', seenAt: noon }) as const);

    const chart = markupOf(dayChart(daysOf(rows, { now: noon, days: 2, timeZone }), 'id'));

    expect(chart).toContain('aria-label="Entries per day in the last 2 days, 3 in all"');
    expect(chart.match(/<rect /g)).toHaveLength(1);
    expect(chart).toContain('<th scope="row">20 Nov</th><td class="number">3</td>');
  });

  it('show a sentence instead of an empty chart', () => {
    expect(markupOf(dayChart(daysOf([], { now: noon, days: 14, timeZone }), 'id'))).toBe(
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

describe('many possible duplicates', () => {
  const rows = Array.from({ length: 60 }, (_, n) =>
    anEntryRow({
      key: `d${n}`,
      state: 'drafted',
      feed: n < 50 ? 'newsroom' : 'journal',
      title: `Story ${n}`,
      postId: n + 1,
      mayBeTwice: 1,
      seenAt: n + 1,
    }),
  );

  it('are paged without leaving any out', async () => {
    const { context, target } = await consoleScene();
    target.stores.ledger.rows.clear();
    for (const row of rows) target.stores.ledger.rows.set(row.key, row);
    const found: string[] = [];
    let after: string | null = '';
    while (after !== null) {
      const query = new URLSearchParams({ state: 'duplicates', after });
      const page: Awaited<ReturnType<typeof chooseEntries>> = await chooseEntries(
        context,
        chosenBy(query),
        25,
      );
      found.push(...page.rows.map(({ key }) => key));
      after = page.next;
    }

    expect(found.toSorted()).toEqual(rows.map(({ key }) => key).toSorted());
  });

  it('are filtered before they are paged', async () => {
    expect((await chosenAmong(rows, 'state=duplicates&feed=journal')).rows).toHaveLength(10);
    expect((await chosenAmong(rows, 'state=duplicates&text=story+59')).rows).toMatchObject([{ key: 'd59' }]);
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
