import { bareEntry } from '../delivery.ts';
import { hmac, type IgnoredCase, oldDate, plainSecrets, type SourceCases } from '../source-cases.ts';

export const cases: SourceCases = {
  signers: [
    {
      way: 'body and time',
      options: {},
      secrets: plainSecrets,
      timed: true,
      sign: (body, secret, at) => ({
        headers: { 'x-ghost-signature': `sha256=${hmac('sha256', secret, `${body}${at}`, 'hex')}, t=${at}` },
      }),
      headers: ['x-ghost-signature'],
      malformed: [
        { 'x-ghost-signature': `sha256=${'0'.repeat(64)}` },
        { 'x-ghost-signature': `sha256=${'0'.repeat(63)}, t=1795163400000` },
        { 'x-ghost-signature': `sha256=${'0'.repeat(64)}, t=soon` },
      ],
    },
  ],
  published: {
    kind: 'published',
    firstPublished: true,
    entry: {
      ...bareEntry,
      id: '65f1c0ffee0000000000a001',
      link: 'https://blog.example.com/cheese-crackers/',
      title: 'Cheese & Crackers < 5 €',
      summary: 'A board for two, in ten minutes.',
      content: 'Bread first.\n\nThen cheese.',
      author: 'Editor One',
      categories: ['Recipes'],
      published: '2026-11-20T08:30:00.000Z',
      updated: '2026-11-20T08:30:01.000Z',
      image: 'https://blog.example.com/content/images/cheese.jpg',
      images: ['https://blog.example.com/content/images/cheese.jpg'],
    },
  },
  ignored: [
    [
      'an unpublished post',
      {
        set: { 'post.current.status': 'draft', 'post.previous': { status: 'published' } },
      },
      'unpublished',
    ],
    ['a draft', { set: { 'post.current.status': 'draft' } }, 'draft'],
    ['a scheduled post', { set: { 'post.current.status': 'scheduled' } }, 'draft'],
    ...(
      [
        ['post.edited', 'update'],
        ['post.published.edited', 'update'],
        ['post.unpublished', 'unpublished'],
        ['post.deleted', 'deleted'],
        ['post.scheduled', 'draft'],
        ['post.added', 'other-event'],
        ['post.tag.attached', 'other-event'],
      ] as const
    ).map(([event, reason]): IgnoredCase => [`the event ${event}`, { set: { event } }, reason]),
    ['a site change', { payload: { event: 'site.changed' } }, 'other-type'],
    [
      'an unnamed event without a status change',
      { set: { event: undefined, 'post.previous': { title: 'Old' } } },
      'update',
    ],
    ['a deleted post', { set: { 'post.current': {} } }, 'deleted'],
    ['a post sent by e-mail only', { set: { 'post.current.status': 'sent' } }, 'no-page'],
    [
      'a post without an address yet',
      { set: { 'post.current.url': 'https://blog.example.com/404/' } },
      'no-page',
    ],
    [
      'a page',
      { payload: { page: { current: { id: '1', status: 'published' }, previous: {} } } },
      'other-type',
    ],
  ],
  firstPublished: [
    ['a scheduled post is published', { set: { 'post.previous': { status: 'scheduled' } } }, true],
    ['a post is published again', { set: { 'post.previous': { status: 'draft' } } }, false],
    ['a post is created and published in one step', { set: { 'post.previous': {} } }, true],
    [
      'a post is published again, without its unchanged fields',
      { set: { 'post.previous': { status: 'draft', updated_at: '2026-11-20T08:00:00.000Z' } } },
      false,
    ],
    [
      'a post is created and published in one step or unchanged, without an event name',
      { set: { event: undefined, 'post.previous': {} } },
      false,
    ],
  ],
  oldEntries: [
    {
      outcome: 'held',
      options: {},
      setDate: ({ post }) => Object.assign(post.current, { published_at: oldDate }),
    },
  ],
};
