import { expect, it } from 'vitest';
import { readConfig } from '../../lib/config.ts';
import { atStage } from '../../lib/core/config/stages.ts';
import { historyLines } from '../../lib/core/operator/explain.ts';
import { story } from '../support/entries.ts';
import { type World, world } from '../support/world.ts';

const file = `
timezone: Europe/Berlin
feeds:
  newsroom:
    url: https://www.example.com/feed.xml
    brand_id: 144
    caption: "{{ title }} {{ link }} {{ categories | hashtags: 5 }}"
    only:    { keywords: [launch, drop], categories: [Products], newer_than: 30d }
    skip:    { categories: [Internal], keywords: [sponsored], authors: [Newsdesk] }
    limits:  { per_day: 5, per_hour: 2, quiet: "22:00-07:00" }
    at: next_slot
    slots: ["09:00", "17:30"]
    utm: { source: tiktok, medium: social, campaign: "{{ feed }}" }
stages: { prod: { deliver: dash }, staging: { deliver: none, brand_id: 999 } }
`;

const minute = 60_000;
const products = {
  categories: ['Products', 'products', 'Überraschung & mehr'],
  published: '2026-03-27T08:00:00.000Z',
};

const newsroom = async (stage: string): Promise<World> => {
  const config = atStage(readConfig(file, 'feeds.yml'), stage);
  const w = world(config.feeds);
  const wasThere = story('before', { published: '2026-01-01T08:00:00.000Z' });
  w.state.now = Date.parse('2026-03-27T07:00:00Z');
  w.publish([wasThere]);
  await w.poll();
  w.state.now = Date.parse('2026-03-27T15:00:00Z'); // daylight saving time starts in Berlin on the 29th
  w.publish([
    story('internal', { ...products, title: 'A launch', categories: ['Products', 'INTERNAL'] }),
    story('sponsored', { ...products, title: 'A Sponsored launch' }),
    story('newsdesk', { ...products, title: 'A launch', author: 'The Newsdesk, Berlin' }),
    story('dropped', { ...products, title: 'Dropped: no whole word' }),
    story('other', { ...products, title: 'A launch', categories: ['Productsheets'] }),
    story('old', { ...products, title: 'A launch', published: '2026-02-01T08:00:00.000Z' }),
    ...[6, 5, 4, 3, 2, 1].map((n) =>
      story(n, { ...products, title: `Launch ${n}`, published: `2026-03-27T08:0${n}:00.000Z` }),
    ),
    wasThere,
  ]);
  await w.poll();
  return w;
};

const row = (w: World, name: string | number) => {
  const found = w.rows().find(({ link }) => link === `https://www.example.com/${name}`);
  if (!found) throw new Error(`no row of ${name}`);
  return found;
};

it('filters by each rule and explains why', async () => {
  const w = await newsroom('prod');
  const why = (name: string) => historyLines(row(w, name)).at(-1)?.text;

  expect(['internal', 'sponsored', 'newsdesk', 'dropped', 'other', 'old'].map(why)).toEqual([
    'Filtered by skip.categories: it has the category "Internal".',
    'Filtered by skip.keywords: "sponsored" is in the title.',
    'Filtered by skip.authors: it is by "Newsdesk".',
    'Filtered by only.keywords: none of "launch", "drop" is in title, summary or content.',
    'Filtered by only.categories: it has none of the categories "Products".',
    'Filtered by only.newer_than: it is 54 d old, and the limit is 30 d.',
  ]);
});

it('sends the rest within its limits, oldest first, in separate slots, across a daylight saving change', async () => {
  const w = await newsroom('prod');

  await w.deliverWakeUps();
  const first = w.sent.length;
  const waits = row(w, 3);
  await w.minutes(24 * 60);
  const sent = w.sent.map(({ text, timestamp }) => `${timestamp} ${text?.split(' ', 2).join(' ')}`);

  expect(first).toBe(2);
  expect(waits).toMatchObject({
    state: 'queued',
    dueAt: Date.parse('2026-03-27T16:00:00Z'),
    history: [{}, { code: 'limit.per-hour' }],
  });
  expect(sent.toSorted()).toEqual([
    '2026-03-27T16:30:00Z Launch 1',
    '2026-03-28T08:00:00Z Launch 2',
    '2026-03-28T16:30:00Z Launch 3',
    '2026-03-29T07:00:00Z Launch 4',
    '2026-03-29T15:30:00Z Launch 5',
    '2026-03-30T07:00:00Z Launch 6',
  ]);
  expect(row(w, 6).history.map(({ code }) => code)).toEqual([
    'entry.new',
    'limit.quiet', // the daily limit is reached, and the next day starts with quiet hours
    'draft.claimed',
    'draft.created',
  ]);
  const at = row(w, 6).history.find(({ code }) => code === 'draft.claimed')?.at;
  expect(at).toBeGreaterThanOrEqual(Date.parse('2026-03-28T06:00:00Z')); // after quiet hours, though a new day has started
  expect(at).toBeLessThan(Date.parse('2026-03-28T06:00:00Z') + 5 * minute);
});

it('appends utm parameters to the link that is sent, not to the link that identifies the entry', async () => {
  const w = await newsroom('prod');

  await w.deliverWakeUps();

  expect(w.sent[0]?.text).toBe(
    'Launch 1 https://www.example.com/1?utm_source=tiktok&utm_medium=social&utm_campaign=Newsroom #Products #ÜberraschungMehr',
  );
  expect(row(w, 1).link).toBe('https://www.example.com/1');
});

it('uses the stage’s brand', async () => {
  const w = await newsroom('staging');

  await w.deliverWakeUps();

  expect(w.sent.map(({ brand_id: brand }) => brand)).toEqual([999, 999]);
});
