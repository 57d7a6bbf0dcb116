import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EntryRow, rowFormat, states } from '../lib/core/ledger/row.ts';
import { type EmbeddedStack, type EmbeddedWorld, embeddedStack } from './support/embedded-world.ts';
import { postOf, story } from './support/entries.ts';
import { type ReleaseRows, releaseWindows, worldOver } from './support/release-rows.ts';

const folder = new URL('./fixtures/releases/', import.meta.url);
const releases = readdirSync(folder).filter((name) => name.endsWith('.json'));
const rowsOf = (file: string) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as ReleaseRows;

const day = 24 * 3_600_000;

let stack: EmbeddedStack;
beforeAll(async () => {
  stack = await embeddedStack();
});
afterAll(() => stack.close());

const byKey = (rows: EntryRow[]) => new Map(rows.map((row) => [row.key, row]));
const isToBeSent = ({ state, wakeAt }: EntryRow) =>
  state === 'queued' ||
  state === 'enriching' ||
  state === 'drafting' ||
  (state === 'uncertain' && wakeAt !== null);

/**
 * One feed was paused before; the daily limit of the other is used up by an entry waiting since yesterday.
 */
const isHeldBack = ({ feed }: EntryRow) => feed === 'tag' || feed === 'limited';

/** Runs this release over the rows for two days, with one new entry in each feed on the first. */
const liveOn = async (w: EmbeddedWorld) => {
  await w.minutes(10);
  for (const [feed, entries] of Object.entries(releaseWindows))
    w.publish([story(`new in ${feed}`), ...entries], feed);
  await w.minutes(10);
  w.state.now += day;
  await w.minutes(10);
};

/**
 * Adds a draft of the day before with a known ID, which shows that the list goes back far enough for a
 * look-up.
 */
const withKnownDraft = async (w: EmbeddedWorld) => {
  w.state.now -= day;
  const made = await w.services.dash.create(postOf('An older draft'), { canStillSend: () => true });
  if (made.kind === 'created' && made.postId !== null)
    await w.services.latestDrafts.note({ brand: 144, postId: made.postId, at: w.state.now });
  w.state.now += day;
};

describe.each(releases)('the rows written by release %s', (file) => {
  const over = async <T>(work: (w: EmbeddedWorld, before: EntryRow[]) => Promise<T>): Promise<T> => {
    const w = await worldOver(stack, rowsOf(file));
    try {
      return await work(w, await w.rows());
    } finally {
      await w.close();
    }
  };

  it('cover every type and state, and have a format version', () => {
    const { ledger } = rowsOf(file);

    expect(new Set(ledger.map(({ type }) => type?.S))).toEqual(new Set(['entry', 'pointer', 'pair', 'kept']));
    expect(new Set(ledger.flatMap(({ state }) => state?.S ?? []))).toEqual(new Set(states));
    expect(
      ledger.filter(({ format }) => !(Number(format?.N) >= 1 && Number(format?.N) <= rowFormat)),
    ).toEqual([]);
  });

  it('can all be read', async () => {
    await over(async (w, before) => {
      const { ledger, feeds } = rowsOf(file);

      for (const { key } of ledger) await w.services.ledger.read(key?.S ?? '');
      for (const { id } of feeds) if (id?.S) expect(await w.services.feedStore.read(id.S)).not.toBeNull();
      expect(await w.services.circuits.rows()).toHaveLength(2);
      expect((await w.services.feedStore.schedule()).slots.size).toBe(9);
      expect(await w.services.feedStore.tick()).not.toBeNull();
      expect(await w.services.quotas.read('limited')).not.toBeNull();
      expect(before).toHaveLength(ledger.filter(({ type }) => type?.S === 'entry').length);
    });
  });

  it('make no draft of old entries, lose no waiting entry, and let new entries through', async () => {
    await over(async (w, before) => {
      await withKnownDraft(w);
      await liveOn(w);

      const after = byKey(await w.rows());
      const waited = before.filter(isToBeSent);
      const news = [...after.values()].filter(({ key }) => !byKey(before).has(key));
      expect(waited.map(({ key }) => after.get(key)?.state)).toEqual(waited.map(() => 'drafted'));
      const [held, sent] = [news.filter(isHeldBack), news.filter((row) => !isHeldBack(row))];
      expect(held.map(({ state }) => state)).toEqual(['queued', 'queued']);
      expect(sent.map(({ state }) => state)).toEqual(Array(6).fill('drafted'));
      expect((await w.posted()).map(({ text }) => text).sort()).toEqual(
        ['An older draft', ...[...waited, ...sent].map(({ title }) => title)].sort(),
      );
      expect(w.events.filter(({ event }) => event === 'row.corrupt')).toEqual([]);
    });
  });

  it('are unchanged if nothing is due', async () => {
    await over(async (w, before) => {
      await liveOn(w);

      const after = byKey(await w.rows());
      const done = before.filter((row) => !isToBeSent(row));
      expect(done.map(({ key }) => after.get(key))).toEqual(done);
    });
  });
});

it('the rows of this version are kept (npm run snapshot:rows)', () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

  expect(existsSync(new URL(`${version}.json`, folder))).toBe(true);
});
