import { encodeSignatureHeader } from '@sanity/webhook';
import { bareEntry } from '../delivery.ts';
import { oldDate, plainSecrets, type SourceCases } from '../source-cases.ts';

export const cases: SourceCases = {
  signers: [
    {
      way: 'time and body',
      options: {},
      secrets: plainSecrets,
      timed: true,
      sign: async (body, secret, at) => ({
        headers: { 'sanity-webhook-signature': await encodeSignatureHeader(body, at, secret) },
      }),
      headers: ['sanity-webhook-signature'],
      malformed: [
        { 'sanity-webhook-signature': 't=1795163400000' },
        { 'sanity-webhook-signature': `v1=${'A'.repeat(43)},t=1795163400000` },
      ],
    },
  ],
  options: { link: 'https://www.example.com/{{ slug }}' },
  published: {
    kind: 'published',
    firstPublished: true,
    entry: {
      ...bareEntry,
      id: 'b7f2c9f4-6f5e-4d5f-a3a0-3f3b7a1c2d4e',
      link: 'https://www.example.com/cheese-crackers',
      title: 'Cheese & Crackers',
      summary: 'A board for two.',
      content: 'Bread first. Then cheese.',
      author: 'Editor One',
      categories: ['Recipes'],
      published: '2026-11-20T08:30:00.000Z',
      updated: '2026-11-20T08:30:00.000Z',
      image: 'https://cdn.sanity.io/images/abc/production/cheese-1200x800.jpg',
      images: ['https://cdn.sanity.io/images/abc/production/cheese-1200x800.jpg'],
    },
  },
  ignored: [
    ['a second publication', { set: { firstPublish: false } }, 'update'],
    ['a draft', { set: { _id: 'drafts.b7f2c9f4' } }, 'draft'],
    ['a release version', { set: { _id: 'versions.r1.b7f2c9f4' } }, 'draft'],
    ['a deletion', { headers: { 'sanity-operation': 'delete' } }, 'deleted'],
    ['a projected deletion', { set: { operation: 'delete' } }, 'deleted'],
    ['another type', { options: { contentTypes: ['recipe'] } }, 'other-type'],
  ],
  firstPublished: [['the projection has no firstPublish', { set: { firstPublish: undefined } }, false]],
  oldEntries: [
    {
      outcome: 'held',
      options: { link: 'https://www.example.com/{{ slug }}' },
      setDate: (payload) => Object.assign(payload, { published: oldDate }),
    },
    {
      outcome: 'baselined',
      options: { link: 'https://www.example.com/{{ slug }}' },
      setDate: (payload) =>
        Object.assign(payload, { published: null, firstPublish: undefined, _createdAt: oldDate }),
    },
  ],
};
