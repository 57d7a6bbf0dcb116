import type { Entry } from '../lib/core/entries/entry.ts';

const paragraph =
  'The Harbour jacket is made of recycled nylon, keeps out a day of rain and packs into its own pocket. We have repaired and re-cut it with the people who wear it at sea. ';

/** An entry with every field, and more text than a caption can contain. */
export const sampleEntry = (now: number): Entry => ({
  id: 'sample-1',
  link: 'https://www.example.com/news/harbour-jacket',
  title: 'The Harbour jacket is back & comes in four new colors 🧥',
  summary: `${paragraph}From Friday on in all shops. Read more at https://www.example.com/news/harbour-jacket#sizes`,
  content: Array.from({ length: 20 }, (_, n) => `${n + 1}. ${paragraph}`).join('\n\n'),
  author: 'Newsdesk',
  categories: ['Rain & wind', 'New in', 'Nachhaltigkeit', 'ताज़ा', '新製品', 'Repair'],
  published: new Date(now).toISOString(),
  updated: null,
  image: 'https://www.example.com/media/harbour-jacket.jpg',
  images: ['https://www.example.com/media/harbour-jacket.jpg'],
  video: {
    url: 'https://www.example.com/media/harbour-jacket.mp4',
    type: 'video/mp4',
    length: 18_000_000,
    durationS: 21,
  },
  enclosures: [],
});

/** The minimum that a feed may contain about an entry. */
export const bareEntry = (now: number): Entry => ({
  ...sampleEntry(now),
  id: 'sample-2',
  summary: null,
  content: null,
  author: null,
  categories: [],
  published: null,
  image: null,
  images: [],
  video: null,
});
