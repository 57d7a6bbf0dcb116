import { bareEntry } from '../delivery.ts';
import { bearerSigner, oldDate, type SourceCases } from '../source-cases.ts';

export const cases: SourceCases = {
  signers: [bearerSigner],
  published: {
    kind: 'published',
    firstPublished: false,
    mediaIds: [621242772],
    entry: {
      ...bareEntry,
      id: '77',
      link: 'https://www.example.com/cheese-crackers',
      title: 'Cheese & Crackers',
      summary: 'A board for two.',
      categories: ['Recipes', 'Cheese'],
      published: '2026-11-20T08:30:00.000Z',
    },
  },
  ignored: [['an empty step', { payload: { id: '', title: '' } }, 'no-identity']],
  firstPublished: [],
  oldEntries: [
    {
      outcome: 'baselined',
      options: {},
      setDate: (payload) => Object.assign(payload, { published: oldDate }),
    },
  ],
};
