import { bareEntry } from '../delivery.ts';
import { hmac, oldDate, plainSecrets, type SourceCases } from '../source-cases.ts';

export const cases: SourceCases = {
  signers: [
    {
      way: 'body',
      options: {},
      secrets: plainSecrets,
      timed: false,
      sign: (body, secret) => ({ headers: { 'webhook-signature': hmac('sha1', secret, body, 'hex') } }),
      headers: ['webhook-signature'],
      malformed: [{ 'webhook-signature': 'sha1=00' }],
    },
  ],
  options: { link: 'https://www.example.com/{{ full_slug }}' },
  published: {
    kind: 'published',
    firstPublished: false,
    entry: {
      ...bareEntry,
      id: '123',
      link: 'https://www.example.com/blog/cheese-crackers',
      title: 'Cheese (and) Crackers',
    },
  },
  ignored: [
    ['an unpublished story', { set: { action: 'unpublished' } }, 'unpublished'],
    ['a deletion', { set: { action: 'deleted' } }, 'deleted'],
    ['a moved story', { set: { action: 'moved' } }, 'not-wanted'],
    ['an unknown text', { set: { text: 'Published!' } }, 'no-text'],
  ],
  firstPublished: [],
  oldEntries: [
    {
      outcome: 'baselined',
      options: { link: 'https://www.example.com/{{ full_slug }}' },
      setDate: (payload) => Object.assign(payload, { story: { first_published_at: oldDate } }),
    },
  ],
};
