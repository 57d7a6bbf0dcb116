import { bareEntry } from '../delivery.ts';
import { bearerSigner, oldDate, type SourceCases } from '../source-cases.ts';

export const cases: SourceCases = {
  signers: [bearerSigner],
  options: { link: 'https://www.example.com/{{ slug }}' },
  published: {
    kind: 'published',
    firstPublished: false,
    entry: {
      ...bareEntry,
      id: '77',
      link: 'https://www.example.com/cheese-crackers',
      title: 'Cheese & "Crackers"',
      summary: 'A board for two.\nIn ten minutes.',
      categories: ['Recipes'],
      published: '2026-11-20T08:30:00.000Z',
    },
  },
  ignored: [['a draft', { set: { 'item.status': 'draft' } }, 'not-wanted']],
  firstPublished: [],
  oldEntries: [
    {
      outcome: 'baselined',
      options: { link: 'https://www.example.com/{{ slug }}' },
      setDate: ({ item }) => Object.assign(item, { date_published: oldDate }),
    },
  ],
};
