import { expect, test } from 'vitest';
import type { FeedConfig } from '../../lib/core/config/config.ts';
import type { FetchFeed } from '../../lib/core/ports.ts';
import { previewFeed } from '../../lib/jobs/operator/preview-feed.ts';
import { readStatus } from '../../lib/jobs/operator/read-status.ts';
import { story } from '../support/entries.ts';
import { world } from '../support/world.ts';

/** A feed whose document and headers advertise these hubs. */
const advertised = (hubs: { inDocument?: string; inHeader?: string }) => {
  const w = world();
  const { fetchFeed, identifyFeed } = w.services;
  w.services.fetchFeed = (async (request) => {
    const response = await fetchFeed(request);
    const { inHeader } = hubs;
    return inHeader === undefined ? response : { ...response, hints: { ...response.hints, hub: inHeader } };
  }) as FetchFeed;
  w.services.identifyFeed = async (document) => {
    const feed = await identifyFeed(document);
    const { inDocument } = hubs;
    return inDocument === undefined ? feed : { ...feed, hints: { ...feed.hints, hub: inDocument } };
  };
  w.publish([story(1)]);
  const status = async () => (await readStatus({ ...w.services, queueDepths: async () => null })).feeds[0];
  return { ...w, status };
};

const one = 'https://one.example/';
const two = 'https://two.example/';

test.each([
  ['its document', { inDocument: one }, one],
  ['its headers', { inHeader: two }, two],
  ['both, where headers take precedence', { inDocument: one, inHeader: two }, two],
  ['neither', {}, null],
])('the hub of a feed is read from %s', async (_, hubs, hub) => {
  const w = advertised(hubs);

  const previewed = await previewFeed(w.services, w.config.feeds[0] as FeedConfig);
  await w.poll();

  expect(previewed.hub).toBe(hub);
  expect((await w.status())?.hub).toBe(hub);
});

test('a hub that is no longer advertised is forgotten', async () => {
  const hubs: { inDocument?: string } = { inDocument: one };
  const w = advertised(hubs);
  await w.poll();
  delete hubs.inDocument;
  w.publish([story(2), story(1)]);

  await w.minutes(24 * 60);

  expect((await w.status())?.hub).toBe(null);
});
