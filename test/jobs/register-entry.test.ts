import { describe, expect, it } from 'vitest';
import { keepMs } from '../../lib/core/dash/timing.ts';
import type { Candidate } from '../../lib/core/entries/candidate.ts';
import type { Entry } from '../../lib/core/entries/entry.ts';
import type { EntryRow, LedgerRow } from '../../lib/core/ledger/row.ts';
import { registerEntry } from '../../lib/jobs/register-entry.ts';
import { candidateOf, keysOf } from '../support/candidates.ts';
import { feedOf, postOf, story } from '../support/entries.ts';
import { explore, sample } from '../support/explore.ts';
import { fakeLedger, type Hooks } from '../support/fake-stores.ts';
import { randomOf } from '../support/random.ts';
import { aPointer } from '../support/store-rows.ts';

const registerIn = (rows: Map<string, LedgerRow>, hooks: Hooks = {}, at = 0) => {
  const ledger = fakeLedger(hooks, rows);
  return (candidate: Candidate) => registerEntry({ ledger, clock: () => at }, candidate);
};

const entriesIn = (rows: Map<string, LedgerRow>) =>
  [...rows.values()].filter((row): row is EntryRow => row.type === 'entry');

const endOf = (rows: Map<string, LedgerRow>, key: string): string | null => {
  const row = rows.get(key);
  if (!row) return null;
  return row.type === 'pointer' ? endOf(rows, row.owner) : row.key;
};

const paired = (entry: Entry, side: 'feed' | 'hook') => candidateOf(entry, { side, paired: true });

const published = (n: number) => new Date(Date.UTC(2026, 0, n, 9)).toISOString();
const dated = (n: number, given: Partial<Entry> = {}) => story(n, { published: published(n), ...given });
const products = feedOf({ id: 'products' });
const first = dated(1);
const sameGuid = dated(1, { title: 'Corrected', link: 'https://www.example.com/moved' });
const samePage = dated(1, { id: 'regenerated' });

describe('two registrations of one story, in any order and with any crash', () => {
  it.each([
    ['with the same guid', candidateOf(first), candidateOf(sameGuid)],
    ['with the same page', candidateOf(first), candidateOf(samePage)],
    [
      'with the same page in two feeds of the brand',
      candidateOf(first),
      candidateOf(samePage, { feed: products }),
    ],
    ['with the same guid and page', candidateOf(first), candidateOf(first)],
    [
      'from a feed and its webhook, by link alone',
      paired(first, 'feed'),
      paired(dated(1, { id: 'cms-1', title: 'Corrected' }), 'hook'),
    ],
    [
      'from a feed and its webhook, with different link, text and date',
      paired(first, 'feed'),
      paired(
        dated(2, { id: 'cms-1', title: first.title, link: `${first.link}?zz=9`, summary: 'Sent by hand' }),
        'hook',
      ),
    ],
    [
      'from a webhook and a feed where it already existed, with different link, text and date',
      candidateOf(first, {
        paired: true,
        verdict: { state: 'baselined', code: 'entry.existing' },
        news: false,
      }),
      paired(
        dated(2, { id: 'cms-1', title: first.title, link: `${first.link}?zz=9`, summary: 'Sent by hand' }),
        'hook',
      ),
    ],
  ])('%s, end in one entry row that every key leads to', async (_, one, other) => {
    const explored = await explore(
      () => {
        const rows = new Map<string, LedgerRow>();
        const process = (candidate: Candidate) => (hooks: Hooks) => registerIn(rows, hooks)(candidate);
        return {
          processes: [process(one), process(other)],
          world: () => JSON.stringify([...rows].sort()),
          selfContained: true,
          atRest: async () => {
            const before = entriesIn(rows).length;
            await registerIn(rows)(one);
            await registerIn(rows)(other);

            const ends = [one, other].flatMap(({ keys }) => endOf(rows, keys.own));
            expect(before).toBeLessThanOrEqual(1);
            expect(entriesIn(rows)).toHaveLength(1);
            expect(new Set(ends)).toEqual(new Set([entriesIn(rows)[0]?.key]));
          },
        };
      },
      { crashes: 2 },
    );

    expect(explored.runs).toBeGreaterThan(50);
  });

  it('with no key in common end in two rows', async () => {
    await explore(() => {
      const rows = new Map<string, LedgerRow>();
      return {
        processes: [
          (hooks) => registerIn(rows, hooks)(candidateOf(first)),
          (hooks) => registerIn(rows, hooks)(candidateOf(dated(2))),
        ],
        world: () => JSON.stringify([...rows].sort()),
        selfContained: true,
        atRest: () => expect(entriesIn(rows)).toHaveLength(2),
      };
    });
  });

  it('by guid and by page end in one row when an entry with both came first', async () => {
    const guidOnly = candidateOf(dated(1, { link: null }));
    const pageOnly = candidateOf(dated(1, { id: 'regenerated' }));

    await explore(async () => {
      const rows = new Map<string, LedgerRow>();
      await registerIn(rows)(candidateOf(first));
      return {
        processes: [
          (hooks) => registerIn(rows, hooks)(guidOnly),
          (hooks) => registerIn(rows, hooks)(pageOnly),
        ],
        world: () => JSON.stringify([...rows].sort()),
        selfContained: true,
        atRest: () => expect(entriesIn(rows)).toHaveLength(1),
      };
    });
  });
});

describe('a story excluded by one feed and accepted by another, in any order and with any crash', () => {
  it.each([
    ['filtered', 'rule.skip-keywords'],
    ['baselined', 'entry.existing'],
  ] as const)('becomes one entry, in the feed that accepts it; %s by the other', async (state, code) => {
    const unwanted = candidateOf(first, { verdict: { state, code } });
    const wanted = candidateOf(samePage, { feed: products, news: true });

    await explore(
      () => {
        const rows = new Map<string, LedgerRow>();
        const process = (candidate: Candidate) => (hooks: Hooks) => registerIn(rows, hooks)(candidate);
        return {
          processes: [process(unwanted), process(wanted)],
          world: () => JSON.stringify([...rows].sort()),
          selfContained: true,
          atRest: async () => {
            await registerIn(rows)(unwanted);
            await registerIn(rows)(wanted);

            expect(entriesIn(rows)).toMatchObject([{ state: 'queued', feed: 'products' }]);
          },
        };
      },
      { crashes: 2 },
    );
  });
});

/** One page and title with two dates and texts: a recurring offer. */
const offer = (n: number, given: Partial<Entry> = {}) =>
  dated(n, { link: 'https://www.example.com/offer', title: 'Offer of the week', ...given });

describe('two stories with one page and title, in any order and with any crash', () => {
  it.each([
    ['guids before and after the page', offer(1, { id: 'a' }), offer(20, { id: 'z' })],
    ['guids after the page', offer(1, { id: 'y' }), offer(20, { id: 'z' })],
    ['guids after the page, reversed', offer(1, { id: 'z' }), offer(20, { id: 'y' })],
    ['no guids', offer(1, { id: null }), offer(20, { id: null })],
  ])('end in one entry each; %s', async (_, one, other) => {
    await explore(
      () => {
        const rows = new Map<string, LedgerRow>();
        const process = (entry: Entry) => (hooks: Hooks) => registerIn(rows, hooks)(candidateOf(entry));
        return {
          processes: [process(one), process(other)],
          world: () => JSON.stringify([...rows].sort()),
          selfContained: true,
          atRest: async () => {
            for (const entry of [one, other, one, other]) await registerIn(rows)(candidateOf(entry));

            expect(
              entriesIn(rows)
                .map((row) => row.published)
                .sort(),
            ).toEqual([one.published, other.published]);
          },
        };
      },
      { crashes: 2 },
    );
  });

  it.each([
    ['a', 'b', 'c'],
    ['z', 'b', 'a'],
    ['q', 'z', 'y'],
  ])(
    'end in one entry each when another feed brings the second offer too; guids %s, %s, %s',
    async (...ids) => {
      const [a, b, c] = ids as [string, string, string];
      const arrivals = [
        candidateOf(offer(1, { id: a })),
        candidateOf(offer(20, { id: b })),
        candidateOf(offer(20, { id: c }), { feed: products }),
      ];
      const scene = () => {
        const rows = new Map<string, LedgerRow>();
        return {
          processes: arrivals.map((candidate) => (hooks: Hooks) => registerIn(rows, hooks)(candidate)),
          world: () => '',
          atRest: async () => {
            for (const candidate of [...arrivals, ...arrivals]) await registerIn(rows)(candidate);

            expect(entriesIn(rows)).toHaveLength(2);
          },
        };
      };

      await sample(scene, { runs: 300, random: randomOf(7) });
    },
  );
});

describe('two stories of one feed that match an entry from another feed, in any order and with any crash', () => {
  it.each([
    ['before the page', 'a', 'b'],
    ['after the page', 'z', 'y'],
    ['on both sides of it', 'a', 'z'],
  ])('end in two entries, one of them shared with the other feed; guids %s', async (_, a, b) => {
    const [one, other] = [offer(2, { id: a }), offer(3, { id: b })].map((entry) => candidateOf(entry)) as [
      Candidate,
      Candidate,
    ];
    await explore(
      async () => {
        const rows = new Map<string, LedgerRow>();
        await registerIn(rows)(candidateOf(offer(1, { id: 'p' }), { feed: products }));
        return {
          processes: [one, other].map((candidate) => (hooks: Hooks) => registerIn(rows, hooks)(candidate)),
          world: () => JSON.stringify([...rows].sort()),
          selfContained: true,
          atRest: async () => {
            for (const candidate of [one, other, one, other]) await registerIn(rows)(candidate);

            expect(entriesIn(rows)).toHaveLength(2);
          },
        };
      },
      { crashes: 1 },
    );
  });
});

describe('registerEntry', () => {
  it.each([
    ['4 rows for a new story', first, 4],
    ['5 rows when the link has a query', dated(1, { link: 'https://www.example.com/news?id=1' }), 5],
    ['4 rows for a story without a guid', dated(1, { id: null }), 4],
  ])('writes %s, one of them an entry', async (_, entry, count) => {
    const rows = new Map<string, LedgerRow>();

    const registered = await registerIn(rows)(candidateOf(entry));

    expect(registered).toMatchObject({ outcome: 'queued' });
    expect(rows.size).toBe(count);
    expect(entriesIn(rows)).toHaveLength(1);
    expect(entriesIn(rows)[0]).toMatchObject({
      state: 'queued',
      title: 'Story 1',
      post: postOf('Story 1'),
      feed: 'newsroom',
      brand: 144,
    });
  });

  it('knows a story after its title and then its guid change', async () => {
    const rows = new Map<string, LedgerRow>();
    await registerIn(rows)(candidateOf(first));

    const edited = await registerIn(rows)(candidateOf(dated(1, { title: 'Corrected' })));
    const reissued = await registerIn(rows)(candidateOf(dated(1, { title: 'Corrected', id: 'regenerated' })));

    expect([edited.outcome, reissued.outcome]).toEqual(['known', 'known']);
    expect(entriesIn(rows)).toHaveLength(1);
  });

  it('leaves an existing row in its state', async () => {
    const rows = new Map<string, LedgerRow>();
    await registerIn(rows)(candidateOf(first, { verdict: { state: 'held', code: 'caption.empty' } }));

    const again = await registerIn(rows)(candidateOf(first));

    expect(again.outcome).toBe('known');
    expect(entriesIn(rows)[0]?.state).toBe('held');
  });

  it('takes over an entry that is existing in another feed and new in this one', async () => {
    const rows = new Map<string, LedgerRow>();
    await registerIn(rows)(candidateOf(first, { verdict: { state: 'baselined', code: 'entry.existing' } }));

    const news = await registerIn(rows)(candidateOf(samePage, { feed: products }));

    expect(news.outcome).toBe('queued');
    expect(entriesIn(rows)[0]).toMatchObject({ state: 'queued', feed: 'products' });
  });

  it('does not join two entries of one feed by link alone', async () => {
    const rows = new Map<string, LedgerRow>();
    await registerIn(rows)(paired(first, 'feed'));

    const second = await registerIn(rows)(paired(dated(1, { id: 'another', title: 'Another' }), 'feed'));

    expect(second.outcome).toBe('queued');
    expect(entriesIn(rows)).toHaveLength(2);
  });

  it('renews the entry first, then its pointers, when a story is seen again after months', async () => {
    const rows = new Map<string, LedgerRow>();
    const baselined = candidateOf(first, { verdict: { state: 'baselined', code: 'entry.existing' } });
    await registerIn(rows)(baselined);
    const months = keepMs / 2;
    const written: string[] = [];
    const note = (name: string, [row]: readonly unknown[]) => {
      if (name === 'ledger.replace') written.push((row as LedgerRow).type);
    };

    await registerIn(rows, { before: note }, months)(baselined);

    expect(written).toEqual(['entry', 'pointer', 'pointer', 'pointer']);
    const [entry, pointer] = [...rows.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
    expect(entry?.expiresAt).toBe((months + keepMs) / 1000);
    expect(pointer?.expiresAt).toBeLessThan(entry?.expiresAt ?? 0);
  });

  it('fails when pointers form a loop', async () => {
    const { own } = keysOf(first);
    const rows = new Map<string, LedgerRow>([
      [own, aPointer({ key: own, owner: 'other' })],
      ['other', aPointer({ key: 'other', owner: own })],
    ]);

    await expect(registerIn(rows)(candidateOf(first))).rejects.toMatchObject({
      code: 'ledger.broken-pointers',
      kind: 'permanent',
    });
  });
});
