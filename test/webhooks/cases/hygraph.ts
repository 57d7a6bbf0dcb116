import { bareEntry } from '../delivery.ts';
import { hmac, oldDate, plainSecrets, type SourceCases } from '../source-cases.ts';

export const cases: SourceCases = {
  signers: [
    {
      way: 'body in JSON',
      options: {},
      secrets: plainSecrets,
      timed: true,
      sign: (body, secret, at) => {
        const signed = JSON.stringify({ Body: body, EnvironmentName: 'master', TimeStamp: at });
        return {
          headers: {
            'gcms-signature': `sign=${hmac('sha256', secret, signed, 'base64')}, env=master, t=${at}`,
          },
        };
      },
      headers: ['gcms-signature'],
      malformed: [
        { 'gcms-signature': `sign=${'A'.repeat(43)}=, t=1795163400000` },
        { 'gcms-signature': `sign=${'A'.repeat(42)}=, env=master, t=1795163400000` },
        { 'gcms-signature': `sign=${'A'.repeat(43)}=, env=master, t=soon` },
      ],
    },
  ],
  options: {
    contentTypes: ['Article'],
    fields: { summary: 'excerpt' },
    link: 'https://www.example.com/{{ slug }}',
  },
  published: {
    kind: 'published',
    firstPublished: false,
    entry: {
      ...bareEntry,
      id: 'cl8x1y2z3000001l4a1b2c3d4',
      link: 'https://www.example.com/cheese-crackers',
      title: 'Cheese & Crackers',
      summary: 'A board for two.',
      content: 'Bread first.\n\nThen cheese.',
      categories: ['Recipes'],
      published: '2026-11-20T08:30:00.100Z',
      updated: '2026-11-20T08:29:00.652Z',
    },
  },
  ignored: [
    ['a draft', { set: { operation: 'update' } }, 'draft'],
    ['an unpublished entry', { set: { operation: 'unpublish' } }, 'unpublished'],
    ['a deletion', { set: { operation: 'delete' } }, 'deleted'],
    ['a workflow step', { set: { operation: 'transitionStep' } }, 'other-event'],
    ['another model', { set: { 'data.__typename': 'Author' } }, 'other-type'],
    ['another language', { options: { locale: 'fr' } }, 'other-locale'],
    [
      'another environment',
      { headers: { 'gcms-signature': `sign=${'A'.repeat(43)}=, env=staging, t=1795163400000` } },
      'other-environment',
    ],
  ],
  firstPublished: [],
  oldEntries: [
    {
      outcome: 'baselined',
      options: { link: 'https://www.example.com/{{ slug }}', fields: { published: 'date' } },
      setDate: ({ data }) => Object.assign(data, { date: oldDate }),
    },
  ],
};
