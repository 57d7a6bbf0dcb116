import { bareEntry } from '../delivery.ts';
import { bearerSigner, oldDate, type SourceCases } from '../source-cases.ts';

export const cases: SourceCases = {
  signers: [bearerSigner],
  options: {
    contentTypes: ['article'],
    fields: { summary: 'description', image: 'cover' },
    link: 'https://www.example.com/{{ slug }}',
    base: 'https://cms.example.com',
  },
  published: {
    kind: 'published',
    firstPublished: false,
    entry: {
      ...bareEntry,
      id: 'article:a1b2c3d4e5f6g7h8i9j0klm',
      link: 'https://www.example.com/cheese-crackers',
      title: 'Cheese & Crackers',
      summary: 'A board for two.',
      content: 'Bread first.\n\nThen cheese.',
      author: 'Editor One',
      categories: ['Recipes'],
      published: '2026-11-20T08:30:00.000Z',
      updated: '2026-11-20T08:30:00.000Z',
      image: 'https://cms.example.com/uploads/hero_5f3a9c21e0.png',
      images: ['https://cms.example.com/uploads/hero_5f3a9c21e0.png'],
    },
  },
  ignored: [
    ['the "Trigger" button', { payload: { event: 'trigger-test' } }, 'test'],
    ['an unpublished entry', { set: { event: 'entry.unpublish' } }, 'unpublished'],
    ['a deletion', { set: { event: 'entry.delete' } }, 'deleted'],
    ['an edit', { set: { event: 'entry.update' } }, 'update'],
    [
      'an edited draft',
      {
        set: { event: 'entry.update', 'entry.publishedAt': null },
      },
      'draft',
    ],
    [
      'a new draft',
      {
        set: { event: 'entry.create', 'entry.publishedAt': null },
      },
      'draft',
    ],
    ['an upload', { set: { event: 'media.create' } }, 'other-event'],
    ['another type', { set: { model: 'author' } }, 'other-type'],
    ['another locale', { set: { 'entry.locale': 'en' }, options: { locale: 'de' } }, 'other-locale'],
  ],
  firstPublished: [
    [
      'an entry is created without draft support',
      {
        set: { event: 'entry.create', 'entry.publishedAt': undefined },
      },
      true,
    ],
  ],
  oldEntries: [
    {
      outcome: 'baselined',
      options: { link: 'https://www.example.com/{{ slug }}', fields: { published: 'date' } },
      setDate: ({ entry }) => Object.assign(entry, { date: oldDate }),
    },
  ],
};
