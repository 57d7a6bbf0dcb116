import cron from 'node-cron';
import Parser from 'rss-parser';

/**
 * A typical script: rss-parser, a cron, a Set in memory, fetch. Existing entries count as seen, so that a restart does
 * not post everything again. `everyMinute` runs it permanently; `round` is one round.
 */
export const start = async ({ urls, post }) => {
  const seen = new Set();
  const parser = new Parser();
  let first = true;

  const poll = async (url) => {
    const feed = await parser.parseURL(url);
    for (const item of feed.items.toReversed()) {
      const id = item.guid ?? item.link;
      if (seen.has(id)) continue;
      seen.add(id);
      if (!first) await post(item);
    }
  };

  const round = async () => {
    for (const url of urls) await poll(url).catch((error) => console.error(error.message));
    first = false;
  };

  return { round, everyMinute: () => cron.schedule('* * * * *', round), stop: () => {} };
};
