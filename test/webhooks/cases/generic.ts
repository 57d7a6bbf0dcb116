import { bareEntry } from '../delivery.ts';
import { hmac, oldDate, plainSecrets, type Signer, type SourceCases } from '../source-cases.ts';

const genericHmac = (options: {
  algorithm: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  encoding: 'hex' | 'base64' | 'base64url';
}): Signer => ({
  way: `${options.algorithm} ${options.encoding}`,
  options: {
    verify: {
      kind: 'hmac',
      ...options,
      header: 'x-signature',
      prefix: 'v0=',
      signed: '{id}:{timestamp}:{body}',
      timestampHeader: 'x-timestamp',
      unit: 's',
      idHeader: 'x-id',
    },
  },
  secrets: plainSecrets,
  timed: true,
  sign: (body, secret, at) => {
    const time = String(Math.floor(at / 1000));
    const signature = hmac(options.algorithm, secret, `evt_1:${time}:${body}`, options.encoding);
    return { headers: { 'x-signature': `v0=${signature}`, 'x-timestamp': time, 'x-id': 'evt_1' } };
  },
  headers: ['x-signature', 'x-timestamp', 'x-id'],
  malformed: [
    { 'x-signature': 'v1=00' },
    { 'x-signature': 'v0=?' },
    { 'x-timestamp': '-5' },
    { 'x-timestamp': '1e9' },
  ],
});

export const cases: SourceCases = {
  signers: [
    genericHmac({ algorithm: 'sha1', encoding: 'hex' }),
    genericHmac({ algorithm: 'sha256', encoding: 'base64' }),
    genericHmac({ algorithm: 'sha384', encoding: 'base64url' }),
    genericHmac({ algorithm: 'sha512', encoding: 'hex' }),
    {
      way: 'secret in a header',
      options: { verify: { kind: 'header', header: 'x-api-key', prefix: '' } },
      secrets: plainSecrets,
      timed: false,
      sign: (_body, secret) => ({ headers: { 'x-api-key': secret } }),
      headers: ['x-api-key'],
      malformed: [],
    },
    {
      way: 'basic',
      options: { verify: { kind: 'basic', user: 'cms' } },
      secrets: plainSecrets,
      timed: false,
      sign: (_body, secret) => ({
        headers: { authorization: `Basic ${Buffer.from(`cms:${secret}`).toString('base64')}` },
      }),
      headers: ['authorization'],
      malformed: [{ authorization: 'Bearer token' }],
    },
    {
      way: 'secret in the query',
      options: { verify: { kind: 'query', parameter: 'token' } },
      secrets: plainSecrets,
      timed: false,
      sign: (_body, secret) => ({ query: { token: secret } }),
      headers: [],
      malformed: [],
    },
  ],
  options: {
    when: "event == 'publish'",
    map: {
      id: 'post.id',
      title: 'post.title',
      link: 'post.url',
      summary: 'post.excerpt',
      categories: 'post.tags',
      published: 'post.published',
      video: 'post.video',
      media_ids: 'post.dash_media_ids',
    },
  },
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
      video: { url: 'https://cdn.example.com/cheese.mp4', type: null, length: null, durationS: null },
    },
  },
  ignored: [
    ['another event', { set: { event: 'delete' } }, 'not-wanted'],
    ['an event that is not a string', { set: { event: { name: 'publish' } } }, 'not-wanted'],
    [
      'a second publication, according to the payload',
      {
        options: { map: { id: 'post.id', first_published: 'post.first' } },
        set: { 'post.first': false },
      },
      'update',
    ],
    ['a relative link', { set: { 'post.url': '/cheese' } }, 'no-link'],
    ['a link to a script', { set: { 'post.url': 'javascript:alert(1)' } }, 'no-link'],
    ['an entry without id and link', { options: { map: { title: 'post.title' } } }, 'no-identity'],
    ['an entry without text', { options: { map: { id: 'post.id' } } }, 'no-text'],
    [
      'a Prismic delivery, which has IDs but no text',
      {
        payload: {
          type: 'api-update',
          masterRef: 'Z1aBcDEfGhIjKlMn',
          documents: ['Z1bCdEFgHiJkLmNo'],
          domain: 'example',
          apiUrl: 'https://example.prismic.io/api/v2',
          secret: null,
        },
        options: { when: "type == 'api-update'", map: { id: 'documents[0]' } },
      },
      'no-text',
    ],
  ],
  firstPublished: [
    [
      'the payload has first_published',
      {
        options: { map: { id: 'post.id', title: 'post.title', first_published: 'post.first' } },
        set: { 'post.first': true },
      },
      true,
    ],
  ],
  oldEntries: [
    {
      outcome: 'baselined',
      options: {
        verify: { kind: 'header', header: 'x-key', prefix: '' },
        map: { id: 'post.id', title: 'post.title', published: 'post.published' },
      },
      setDate: ({ post }) => Object.assign(post, { published: oldDate }),
    },
  ],
};
