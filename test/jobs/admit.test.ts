import { describe, expect, it } from 'vitest';
import type { Arrival } from '../../lib/core/arrival.ts';
import type { Entry } from '../../lib/core/entry.ts';
import { type IdentityScope, readDocument, type Sighting } from '../../lib/core/identity.ts';
import type { EntryRow, LedgerRow } from '../../lib/core/row.ts';
import { keepMs } from '../../lib/core/timing.ts';
import { admit } from '../../lib/jobs/admit.ts';
import { feedOf, postOf, story } from '../support/entries.ts';
import { explore } from '../support/explore.ts';
import { fakeLedger, type Hooks } from '../support/fake-stores.ts';

const sightingOf = (entry: Entry, scope: Partial<IdentityScope> = {}): Sighting =>
  readDocument([entry], { feed: 'newsroom', brand: 144, dedupe: 'brand', paired: false, ...scope })
    .sightings[0] as Sighting;

const arrivalOf = (entry: Entry, given: Partial<Arrival> = {}): Arrival => {
  const feed = given.feed ?? feedOf();
  return {
    feed,
    side: 'feed',
    sighting: sightingOf(entry, { feed: feed.id, brand: feed.brandId }),
    verdict: { state: 'queued', code: 'entry.new' },
    post: postOf(entry.title ?? ''),
    fresh: true,
    news: true,
    firstPublished: false,
    ...given,
  };
};

const admitTo = (rows: Map<string, LedgerRow>, hooks: Hooks = {}, at = 0) =>
  admit({ ledger: fakeLedger(hooks, rows), clock: () => at });

const entriesIn = (rows: Map<string, LedgerRow>) =>
  [...rows.values()].filter((row): row is EntryRow => row.type === 'entry');

const endOf = (rows: Map<string, LedgerRow>, key: string): string | null => {
  const row = rows.get(key);
  if (!row) return null;
  return row.type === 'pointer' ? endOf(rows, row.owner) : row.key;
};

const paired = (entry: Entry, side: 'feed' | 'hook') =>
  arrivalOf(entry, { side, sighting: sightingOf(entry, { paired: true }) });

const products = feedOf({ id: 'products' });
const first = story(1);
const sameGuid = story(1, { title: 'Corrected', link: 'https://www.example.com/moved' });
const samePage = story(1, { id: 'regenerated' });

describe('two admits of one story, in every order and with every crash', () => {
  it.each([
    ['with the same guid', arrivalOf(first), arrivalOf(sameGuid)],
    ['with the same page', arrivalOf(first), arrivalOf(samePage)],
    [
      'with the same page in two feeds of the brand',
      arrivalOf(first),
      arrivalOf(samePage, { feed: products }),
    ],
    ['with both', arrivalOf(first), arrivalOf(first)],
    [
      'from a feed and its webhook, by link alone',
      paired(first, 'feed'),
      paired(story(1, { id: 'cms-1', title: 'Corrected' }), 'hook'),
    ],
  ])('%s, end in one entry row that every identity leads to', async (_, one, other) => {
    const explored = await explore(
      () => {
        const rows = new Map<string, LedgerRow>();
        const process = (arrival: Arrival) => (hooks: Hooks) => admitTo(rows, hooks)(arrival);
        return {
          processes: [process(one), process(other)],
          world: () => JSON.stringify([...rows].sort()),
          atRest: async () => {
            const before = entriesIn(rows).length;
            await admitTo(rows)(one);
            await admitTo(rows)(other);

            const ends = [one, other].flatMap(({ sighting }) => sighting.keys.map((key) => endOf(rows, key)));
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

  it('with neither identity in common, end in two', async () => {
    await explore(() => {
      const rows = new Map<string, LedgerRow>();
      return {
        processes: [
          (hooks) => admitTo(rows, hooks)(arrivalOf(first)),
          (hooks) => admitTo(rows, hooks)(arrivalOf(story(2))),
        ],
        world: () => JSON.stringify([...rows].sort()),
        atRest: () => expect(entriesIn(rows)).toHaveLength(2),
      };
    });
  });

  it('of which a third joins the two by guid and page, end in one where it came before them', async () => {
    const guidOnly = arrivalOf(story(1, { link: null }));
    const pageOnly = arrivalOf(story(1, { id: 'regenerated' }));

    await explore(async () => {
      const rows = new Map<string, LedgerRow>();
      await admitTo(rows)(arrivalOf(first));
      return {
        processes: [(hooks) => admitTo(rows, hooks)(guidOnly), (hooks) => admitTo(rows, hooks)(pageOnly)],
        world: () => JSON.stringify([...rows].sort()),
        atRest: () => expect(entriesIn(rows)).toHaveLength(1),
      };
    });
  });
});

describe('the one door', () => {
  it('writes one entry and one pointer for a new story', async () => {
    const rows = new Map<string, LedgerRow>();

    const admitted = await admitTo(rows)(arrivalOf(first));

    expect(admitted).toMatchObject({ outcome: 'queued' });
    expect([...rows.values()].map(({ type }) => type).sort()).toEqual(['entry', 'pointer']);
    expect(entriesIn(rows)[0]).toMatchObject({
      state: 'queued',
      title: 'Story 1',
      post: postOf('Story 1'),
      feed: 'newsroom',
      brand: 144,
    });
  });

  it('follows a story through a change of its title and then of its guid', async () => {
    const rows = new Map<string, LedgerRow>();
    await admitTo(rows)(arrivalOf(first));

    const edited = await admitTo(rows)(arrivalOf(story(1, { title: 'Corrected' })));
    const reissued = await admitTo(rows)(arrivalOf(story(1, { title: 'Corrected', id: 'regenerated' })));

    expect([edited.outcome, reissued.outcome]).toEqual(['known', 'known']);
    expect(entriesIn(rows)).toHaveLength(1);
  });

  it('lets what was found decide: a row in any state stays as it is', async () => {
    const rows = new Map<string, LedgerRow>();
    await admitTo(rows)(arrivalOf(first, { verdict: { state: 'held', code: 'caption.empty' } }));

    const again = await admitTo(rows)(arrivalOf(first));

    expect(again.outcome).toBe('known');
    expect(entriesIn(rows)[0]?.state).toBe('held');
  });

  it('takes over what another feed baselined, when it is news here', async () => {
    const rows = new Map<string, LedgerRow>();
    await admitTo(rows)(arrivalOf(first, { verdict: { state: 'baselined', code: 'entry.was-there' } }));

    const news = await admitTo(rows)(arrivalOf(samePage, { feed: products }));

    expect(news.outcome).toBe('queued');
    expect(entriesIn(rows)[0]).toMatchObject({ state: 'queued', feed: 'products' });
  });

  it('does not join two entries of one feed by their link alone', async () => {
    const rows = new Map<string, LedgerRow>();
    await admitTo(rows)(paired(first, 'feed'));

    const second = await admitTo(rows)(paired(story(1, { id: 'another', title: 'Another' }), 'feed'));

    expect(second.outcome).toBe('queued');
    expect(entriesIn(rows)).toHaveLength(2);
  });

  it('renews the entry first and then what leads to it, when a story is seen again after months', async () => {
    const rows = new Map<string, LedgerRow>();
    const baselined = arrivalOf(first, { verdict: { state: 'baselined', code: 'entry.was-there' } });
    await admitTo(rows)(baselined);
    const months = keepMs / 2;
    const written: string[] = [];
    const note = (name: string, [row]: readonly unknown[]) => {
      if (name === 'ledger.replace') written.push((row as LedgerRow).type);
    };

    await admitTo(rows, { before: note }, months)(baselined);

    expect(written).toEqual(['entry', 'pointer']);
    const [entry, pointer] = [...rows.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
    expect(entry?.expiresAt).toBe((months + keepMs) / 1000);
    expect(pointer?.expiresAt).toBeLessThan(entry?.expiresAt ?? 0);
  });

  it('says so when pointers lead in a circle, instead of walking for ever', async () => {
    const [own, page] = sightingOf(first).keys as [string, string];
    const pointer = (key: string, owner: string): LedgerRow => ({
      type: 'pointer',
      key,
      owner,
      format: 1,
      rev: 1,
      expiresAt: null,
    });
    const rows = new Map<string, LedgerRow>([
      [own, pointer(own, page)],
      [page, pointer(page, own)],
    ]);

    await expect(admitTo(rows)(arrivalOf(first))).rejects.toMatchObject({
      code: 'ledger.pointers-astray',
      kind: 'permanent',
    });
  });
});
