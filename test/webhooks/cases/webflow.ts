import { bareEntry } from '../delivery.ts';
import { hmac, oldDate, plainSecrets, type SourceCases } from '../source-cases.ts';

export const cases: SourceCases = {
  signers: [
    {
      way: 'time and body',
      options: {},
      secrets: plainSecrets,
      timed: true,
      sign: (body, secret, at) => ({
        headers: {
          'x-webflow-timestamp': String(at),
          'x-webflow-signature': hmac('sha256', secret, `${at}:${body}`, 'hex'),
        },
      }),
      headers: ['x-webflow-timestamp', 'x-webflow-signature'],
      malformed: [{ 'x-webflow-signature': 'sha256=00' }, { 'x-webflow-timestamp': 'soon' }],
    },
  ],
  options: { contentTypes: ['65f1c0ffee0000000000c001'], link: 'https://www.example.com/blog/{{ slug }}' },
  published: {
    kind: 'published',
    firstPublished: false,
    entry: {
      ...bareEntry,
      id: '65f1c0ffee0000000000b001',
      link: 'https://www.example.com/blog/cheese-crackers',
      title: 'Cheese & Crackers',
      summary: 'A board for two.',
      content: 'Bread first.\n\nThen cheese.',
      published: '2026-11-20T08:30:00.000Z',
      updated: '2026-11-20T08:29:00.000Z',
      image: 'https://cdn.example.com/cheese.jpg',
      images: ['https://cdn.example.com/cheese.jpg'],
    },
  },
  ignored: [
    ['an unpublished item', { set: { triggerType: 'collection_item_unpublished' } }, 'unpublished'],
    ['a deletion', { set: { triggerType: 'collection_item_deleted' } }, 'deleted'],
    ['a form', { set: { triggerType: 'form_submission' } }, 'other-event'],
    ['a draft', { set: { 'payload.isDraft': true } }, 'draft'],
    ['an archived item', { set: { 'payload.isArchived': true } }, 'archived'],
    ['another collection', { set: { 'payload.collectionId': 'x' } }, 'other-type'],
  ],
  firstPublished: [],
  oldEntries: [
    {
      outcome: 'baselined',
      options: { link: 'https://www.example.com/{{ slug }}', fields: { published: 'date' } },
      setDate: ({ payload }) => Object.assign(payload.fieldData, { date: oldDate }),
    },
  ],
};
