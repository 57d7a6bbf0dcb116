import { once } from 'node:events';
import RssFeedEmitter from 'rss-feed-emitter';
import FeedManager from 'rss-feed-emitter/src/FeedManager.js';

const never = 2_000_000_000;

/**
 * rss-feed-emitter, triggered explicitly instead of by its timer. Items emitted while a feed is loaded for the first
 * time are ignored here, because its own `skipFirstLoad` also skips all later items (3.2.4).
 */
export const start = async ({ urls, post }) => {
  const emitter = new RssFeedEmitter();
  const loaded = new Set();
  let items = [];
  emitter.on('new-item', (item) => {
    if (loaded.has(item.meta.link)) items.push(item);
  });
  emitter.on('error', (error) => console.error(error.message));

  const load = async (url) => {
    const done = once(emitter, `initial-load:${url}`);
    emitter.add({ url, refresh: never });
    await done;
    loaded.add(url);
    return new FeedManager(emitter, emitter.findFeed({ url }));
  };

  const managers = [];
  const round = async () => {
    if (managers.length === 0) {
      for (const url of urls) managers.push(await load(url));
      return;
    }
    for (const manager of managers) await manager.getContent(false);
    for (const item of items) await post(item);
    items = [];
  };

  return { round, stop: () => emitter.destroy() };
};
