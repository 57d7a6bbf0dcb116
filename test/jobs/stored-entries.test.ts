import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoLedger } from '../../lib/adapters/aws/ledger-dynamo.ts';
import { keepEntryMs, keepEntryOfDraftMs } from '../../lib/core/dash/timing.ts';
import type { Entry } from '../../lib/core/entries/entry.ts';
import { permanent, retryable } from '../../lib/core/errors.ts';
import type { EntryRow, LedgerRow } from '../../lib/core/ledger/row.ts';
import type { Ledger } from '../../lib/core/ports.ts';
import { ingestFeeds } from '../../lib/jobs/ingest/ingest-feeds.ts';
import { purgeEntries } from '../../lib/jobs/operator/purge-entries.ts';
import { registerEntry } from '../../lib/jobs/register-entry.ts';
import { candidateOf } from '../support/candidates.ts';
import { type EmbeddedTables, startTables } from '../support/embedded-tables.ts';
import { feedOf, hugeEntry, story } from '../support/entries.ts';
import { explore } from '../support/explore.ts';
import { type FakeLedger, fakeLedger, type Hooks } from '../support/fake-stores.ts';
import { world } from '../support/world.ts';

let tables: EmbeddedTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

const inDynamo = async () => dynamoLedger({ client: tables.client, table: (await tables.fresh()).ledger });
const firstOf = async ({ all }: Pick<Ledger, 'all'>): Promise<EntryRow | null> => {
  for await (const row of all()) return row;
  return null;
};
const tooLarge = permanent('store.too-large', 'Too large for the table ledger (ValidationException).');

describe('a held entry over the item size limit', () => {
  it('is stored in part, as much as a caption can use, and known when it comes again', async () => {
    const w = world([{ caption: '{{ author }}' }]);
    await w.poll();
    const ledger = await inDynamo();
    w.publish([
      story(1, { content: 'word '.repeat(100_000), link: `https://x.example/${'a'.repeat(500_000)}` }),
    ]);
    const poll = ingestFeeds({ ...w.services, ledger });

    await poll({ feeds: ['newsroom'], manual: true, receiveCount: 1 }, w.call);

    expect(w.events.at(-1)).toMatchObject({ event: 'poll.changed', counts: { seen: 1, known: 0, held: 1 } });
    expect(w.reported('row.corrupt')).toEqual([]);
    const row = await firstOf(ledger);
    expect(row).toMatchObject({ state: 'held', link: null, history: [{ code: 'caption.empty' }] });
    const kept = await ledger.storedEntry(row?.storedAs ?? '');
    expect(kept?.entry.content?.length).toBeGreaterThan(19_900);
  });
});

describe('an entry that does not fit even when shortened', () => {
  it('is stored without content, and held for a release of the post as it is', async () => {
    const ledger = await inDynamo();
    const arrival = { ...candidateOf(story(1)), stored: hugeEntry() };

    const registered = await registerEntry({ ledger, clock: () => 0 }, arrival);

    expect(registered).toMatchObject({ outcome: 'held', code: 'entry.too-large', heldIn: null });
    expect(await ledger.read(registered.key)).toMatchObject({
      ...{ state: 'held', storedAs: null, post: { text: 'Story 1' }, title: 'Story 1' },
      history: [{ code: 'entry.too-large', detail: 'release it to send the post as it is, or dismiss it' }],
    });
    expect(await registerEntry({ ledger, clock: () => 0 }, arrival)).toMatchObject({ outcome: 'known' });
  });

  it('is also held when another feed had filtered it', async () => {
    const ledger = fakeLedger({
      before: (name, [id]) => {
        if (name === 'ledger.storeEntry' && full.has(id as string)) throw tooLarge;
      },
    });
    const full = new Set<string>();
    const services = { ledger, clock: () => 0 };
    await registerEntry(
      services,
      candidateOf(story(1), { verdict: { state: 'filtered', code: 'rule.skip-keywords' } }),
    );
    for (const id of ledger.entries.keys()) full.add(id);

    const taken = await registerEntry(services, candidateOf(story(1), { feed: feedOf({ id: 'products' }) }));

    expect(taken).toMatchObject({ outcome: 'held', code: 'entry.too-large' });
  });
});

describe('an entry whose link is over 8192 bytes', () => {
  it('becomes a draft without it, and its row records that', async () => {
    const w = world();
    await w.poll();
    w.publish([story(1, { link: `https://www.example.com/${'a'.repeat(8_192)}` }), story(2)]);

    await w.poll();
    await w.deliverWakeUps();

    expect(w.rowTitled('Story 1')).toMatchObject({
      state: 'drafted',
      link: null,
      history: [{ code: 'entry.new', detail: 'its link is longer than 8192 bytes and was left out' }, {}, {}],
    });
    expect(w.rowTitled('Story 2')?.history[0]).not.toHaveProperty('detail');
  });
});

describe('a row that the store refuses', () => {
  it('is never counted as known, and its poll is repeated', async () => {
    const hooks: Hooks = {};
    const w = world([{}], { before: (...given) => hooks.before?.(...given) });
    await w.poll();
    w.publish([story(1)]);
    hooks.before = (name) => {
      if (name === 'ledger.insert') throw tooLarge;
    };

    await expect(w.poll()).rejects.toMatchObject({ code: 'ingest.unsettled' });
    expect(w.reported('entry.unsettled')).toMatchObject([{ feed: 'newsroom', code: 'store.too-large' }]);

    hooks.before = () => {};
    await w.poll();
    expect(w.sums()).toEqual({ queued: 1 });
  });
});

describe('the stored entry', () => {
  const missing = ({ rows, entries }: FakeLedger) =>
    [...rows.values()].filter((row) => row.type === 'entry' && !entries.has(row.storedAs ?? ''));

  it('is written before any row names it, in any order and with any crash of two registrations', async () => {
    const edited = story(1, { summary: 'Edited' });
    const explored = await explore(
      () => {
        const rows = new Map<string, LedgerRow>();
        const entries: FakeLedger['entries'] = new Map();
        const over = (hooks: Hooks = {}) => fakeLedger(hooks, rows, () => 0, entries);
        const process = (entry: Entry) => (hooks: Hooks) =>
          registerEntry({ ledger: over(hooks), clock: () => 0 }, candidateOf(entry));
        return {
          processes: [process(story(1)), process(edited)],
          world: () => {
            expect(missing(over())).toEqual([]);
            return JSON.stringify([[...rows].sort(), [...entries].sort()]);
          },
          selfContained: true,
          atRest: async () => {
            await process(story(1))({});
            const [row] = [...rows.values()].filter((one) => one.type === 'entry');
            const kept = entries.get((row?.type === 'entry' && row.storedAs) || '')?.stored;
            expect([story(1).summary, 'Edited']).toContain(kept?.entry.summary);
            expect(row?.type === 'entry' && row.post?.text).toBe('Story 1');
          },
        };
      },
      { crashes: 1 },
    );

    expect(explored.runs).toBeGreaterThan(30);
  });

  it('is not written again for a known entry, unless its article changed', async () => {
    const w = world();
    await w.poll();
    w.publish([story(1)]);
    await w.poll();
    const before = [...w.stores.ledger.entries.keys()];

    w.publish([story(1, { updated: '2026-01-02T00:00:00.000Z' })]);
    await w.poll();
    expect([...w.stores.ledger.entries.keys()]).toEqual(before);

    w.publish([story(1, { summary: 'Edited' })]);
    await w.poll();
    expect([...w.stores.ledger.entries.keys()]).toEqual([...before, w.rows()[0]?.laterVersion?.storedAs]);
  });
});

describe('the lifetime of a stored entry', () => {
  const drafted = async (hooks: Hooks = {}) => {
    const w = world([{}], hooks);
    await w.poll();
    w.publish([story(1)]);
    await w.poll();
    const seenAt = w.state.now;
    const until = () => [...w.stores.ledger.entries.values()].map((one) => one.until);
    expect(until()).toEqual([seenAt + keepEntryMs]);
    w.state.now += 60_000;
    return { w, seenAt, until };
  };

  it('ends 30 days after its draft', async () => {
    const { w, until } = await drafted();

    await w.deliverWakeUps();

    expect(w.sums()).toEqual({ drafted: 1 });
    expect(until()).toEqual([w.state.now + keepEntryOfDraftMs]);
  });

  it('ends 30 days after a look-up found its draft', async () => {
    const { w, until } = await drafted();
    w.config.feeds[0] = { ...feedOf(), whenUncertain: 'auto' };
    w.stores.ledger.rows.forEach((row, key) => {
      if (row.type === 'entry') w.stores.ledger.rows.set(key, { ...row, whenUncertain: 'auto' });
    });
    w.state.response = 'lost, created';
    await w.deliverWakeUps();
    await w.minutes(10);

    expect(w.rows()).toMatchObject([{ state: 'drafted' }]);
    expect(w.rows()[0]?.history.map(({ code }) => code)).toContain('look-up.found');
    expect(until()[0]).toBeLessThanOrEqual(w.state.now + keepEntryOfDraftMs);
  });

  it('stays longer when it cannot be updated, without affecting the draft', async () => {
    const { w, seenAt, until } = await drafted({
      before: (name) => {
        if (name === 'ledger.setStoredEntryExpiry') throw retryable('store.throttled', 'later');
      },
    });

    await w.deliverWakeUps();

    expect(w.sums()).toEqual({ drafted: 1 });
    expect(until()).toEqual([seenAt + keepEntryMs]);
  });

  it('ends when its row is purged', async () => {
    const { w, until } = await drafted();

    const purged = await purgeEntries(w.services, w.rows());

    expect(purged.forgotten).toHaveLength(1);
    expect(until()).toEqual([]);
  });
});
