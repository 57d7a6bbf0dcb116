import { bareEntry } from '../delivery.ts';
import { hmac, plainSecrets, type SourceCases } from '../source-cases.ts';

export const cases: SourceCases = {
  signers: [
    {
      way: 'body',
      options: {},
      secrets: plainSecrets,
      timed: false,
      sign: (body, secret) => ({
        headers: { 'x-wp-webhook-signature': hmac('sha256', secret, body, 'base64') },
      }),
      headers: ['x-wp-webhook-signature'],
      malformed: [{ 'x-wp-webhook-signature': 'not base64!' }],
    },
  ],
  published: {
    kind: 'published',
    firstPublished: true,
    entry: {
      ...bareEntry,
      id: 'https://www.example.com/?p=4711',
      link: 'https://www.example.com/2026/11/cheese-crackers/',
      title: 'Cheese & Crackers',
      summary: 'A board for two.',
      content: 'Bread & cheese.',
      categories: ['Recipes', 'Cheese'],
      published: '2026-11-20T08:30:00.000Z',
      updated: '2026-11-20T08:30:00.000Z',
      image: 'https://www.example.com/wp-content/uploads/cheese.jpg',
      images: ['https://www.example.com/wp-content/uploads/cheese.jpg'],
    },
  },
  ignored: [
    ['an edited post', { set: { 'post_before.post_status': 'publish' } }, 'update'],
    ['an automatic draft', { set: { 'post.post_status': 'auto-draft' } }, 'draft'],
    ['a private post', { set: { 'post.post_status': 'private' } }, 'draft'],
    [
      'an unpublished post',
      {
        set: { 'post.post_status': 'draft', 'post_before.post_status': 'publish' },
      },
      'unpublished',
    ],
    ['a trashed post', { set: { 'post.post_status': 'trash' } }, 'deleted'],
    ['a deletion', { headers: { 'x-wp-webhook-name': 'post_delete' } }, 'deleted'],
    ['a new user', { headers: { 'x-wp-webhook-name': 'create_user' } }, 'other-event'],
    ["the plugin's test delivery", { payload: { test: true } }, 'other-event'],
    ['a page', { set: { 'post.post_type': 'page' } }, 'other-type'],
    ['a revision', { set: { 'post.post_type': 'revision' } }, 'other-type'],
    ['a password-protected post', { set: { 'post.post_password': 'open' } }, 'protected'],
    ['a post without a link', { set: { post_permalink: false } }, 'no-link'],
  ],
  firstPublished: [
    [
      'a scheduled post is published',
      { set: { post_before: { post_status: 'future', post_date_gmt: '2026-11-20 08:30:00' } } },
      true,
    ],
    [
      'a post is published again',
      { set: { post_before: { post_status: 'draft', post_date_gmt: '2026-11-01 08:30:00' } } },
      false,
    ],
    [
      'a post is created and published in one step',
      { headers: { 'x-wp-webhook-name': 'post_create' }, set: { post_before: undefined } },
      true,
    ],
  ],
  oldEntries: [
    {
      outcome: 'held',
      options: {},
      setDate: ({ post }) => Object.assign(post, { post_date_gmt: '2019-03-01 09:00:00' }),
    },
  ],
};
