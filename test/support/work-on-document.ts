import type { FeedDocument } from '../../lib/adapters/feeds/parse/read-feed.ts';
import { tasks } from '../../lib/adapters/feeds/worker/tasks.ts';
import { noEditorial } from '../../lib/core/editorial/editorial.ts';
import { feedOf } from './entries.ts';

const feed = feedOf({
  caption:
    '{{ title | sentence }} {{ summary | words: 20 }} {{ content | one_line | truncate: 300 }} {{ categories | hashtags }} {{ link }}',
  editorial: {
    ...noEditorial,
    rules: {
      only: { keywords: [], categories: [], newerThanMs: 86_400_000 },
      skip: { keywords: ['sponsored', 'ad'], categories: ['Jobs'], authors: ['newsdesk'] },
    },
    utm: { source: 'rss', campaign: '{{ title }}' },
  },
});

/** Everything a poll does with a publisher's text, in this thread: parsing, identification, rendering and filtering. */
export const workOnDocument = async (document: FeedDocument): Promise<void> => {
  const { title, entries } = await tasks.identify({ document, before: null });
  tasks.render({
    feed,
    feedTitle: title,
    entries: entries.flatMap((one) => ('unread' in one ? [] : one.entry)),
    now: 0,
  });
};
