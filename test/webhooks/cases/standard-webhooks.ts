import { Webhook } from 'standardwebhooks';
import { bareEntry } from '../delivery.ts';
import { oldDate, type Signer, type SourceCases } from '../source-cases.ts';

const whsec: [string, string] = [
  `whsec_${Buffer.from('first key of 24 bytes...').toString('base64')}`,
  `whsec_${Buffer.from('other key of 24 bytes...').toString('base64')}`,
];

const standardSigner = (prefix: 'webhook' | 'svix'): Signer => ({
  way: `headers ${prefix}-*`,
  options: {},
  secrets: whsec,
  timed: true,
  sign: (body, secret, at) => ({
    headers: {
      [`${prefix}-id`]: 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W',
      [`${prefix}-timestamp`]: String(Math.floor(at / 1000)),
      [`${prefix}-signature`]: new Webhook(secret).sign(
        'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W',
        new Date(at),
        body,
      ),
    },
  }),
  headers: [`${prefix}-id`, `${prefix}-timestamp`, `${prefix}-signature`],
  malformed: [
    { [`${prefix}-signature`]: 'v1a,bm90IGFuIGhtYWM=' },
    { [`${prefix}-signature`]: 'v1,not base64' },
    { [`${prefix}-timestamp`]: '2026-11-20T08:30:00Z' },
    { [`${prefix}-id`]: 'two words' },
  ],
});

export const cases: SourceCases = {
  signers: [standardSigner('webhook'), standardSigner('svix')],
  options: {
    when: "type == 'article.published'",
    map: { id: 'data.id', title: 'data.title', link: 'data.url', published: 'timestamp' },
  },
  published: {
    kind: 'published',
    firstPublished: false,
    entry: {
      ...bareEntry,
      id: 'art_77',
      link: 'https://www.example.com/cheese-crackers',
      title: 'Cheese & Crackers',
      published: '2026-11-20T08:30:00.000Z',
    },
  },
  ignored: [['another event', { set: { type: 'article.deleted' } }, 'not-wanted']],
  firstPublished: [],
  oldEntries: [
    {
      outcome: 'baselined',
      options: { map: { id: 'data.id', title: 'data.title', published: 'timestamp' } },
      setDate: (payload) => Object.assign(payload, { timestamp: oldDate }),
    },
  ],
};
