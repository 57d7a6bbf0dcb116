import { signRequest } from '@contentful/node-apps-toolkit';
import { bareEntry } from '../delivery.ts';
import { type Bent, oldDate, type SourceCases } from '../source-cases.ts';

const sixtyFour: [string, string] = ['a1'.repeat(32), 'b2'.repeat(32)];

const contentfulTopic = (topic: string): Bent => ({
  headers: { 'x-contentful-topic': `ContentManagement.${topic}` },
});

export const cases: SourceCases = {
  signers: [
    {
      way: 'canonical request',
      options: { path: '/hooks/site-contentful' },
      secrets: sixtyFour,
      timed: true,
      sign: (body, secret, at) => {
        const context = {
          'X-Contentful-Topic': 'ContentManagement.Entry.publish',
          'X-Contentful-Webhook-Name': ' Drafts ',
        };
        const request = { method: 'POST' as const, path: '/hooks/site-contentful', headers: context, body };
        const signed = signRequest(secret, request, at);
        return {
          headers: {
            'x-contentful-topic': context['X-Contentful-Topic'],
            'x-contentful-webhook-name': context['X-Contentful-Webhook-Name'],
            ...(signed as unknown as Record<string, string>),
          },
        };
      },
      headers: [
        'x-contentful-signature',
        'x-contentful-signed-headers',
        'x-contentful-timestamp',
        'x-contentful-topic',
      ],
      malformed: [
        { 'x-contentful-signature': 'x'.repeat(64) },
        { 'x-contentful-signed-headers': 'x-contentful-topic,x-contentful-signed-headers' },
        { 'x-contentful-signed-headers': 'a;b' },
        { 'x-contentful-timestamp': 'now' },
      ],
    },
  ],
  options: {
    contentTypes: ['article'],
    fields: { title: 'headline', summary: 'teaser', content: 'body', image: 'hero', categories: 'topics' },
    link: 'https://www.example.com/{{ slug }}',
  },
  published: {
    kind: 'published',
    firstPublished: true,
    entry: {
      ...bareEntry,
      id: '5KsDBWseXY6QegucYAoacS',
      link: 'https://www.example.com/cheese-crackers',
      title: 'Cheese & Crackers',
      summary: 'A board for two.',
      content: 'Bread first.\n\nThen cheese.',
      categories: ['Recipes', 'Cheese'],
      published: '2026-11-20T08:30:00.200Z',
      updated: '2026-11-20T08:30:00.200Z',
    },
  },
  ignored: [
    ['a second publication', { set: { 'sys.revision': 2 } }, 'update'],
    ['a saved draft', contentfulTopic('Entry.auto_save'), 'draft'],
    ['an unpublished entry', contentfulTopic('Entry.unpublish'), 'unpublished'],
    ['an archived entry', contentfulTopic('Entry.archive'), 'archived'],
    ['a deletion', contentfulTopic('Entry.delete'), 'deleted'],
    ['an already deleted entry', { set: { 'sys.type': 'DeletedEntry' } }, 'deleted'],
    ['an asset', contentfulTopic('Asset.publish'), 'other-event'],
    ['another environment', { set: { 'sys.environment.sys.id': 'staging' } }, 'other-environment'],
    ['another content type', { set: { 'sys.contentType.sys.id': 'author' } }, 'other-type'],
    ['an entry without a slug', { set: { 'fields.slug': {} } }, 'no-link'],
  ],
  firstPublished: [['the payload has no revision', { set: { 'sys.revision': undefined } }, false]],
  oldEntries: [
    {
      outcome: 'held',
      options: { link: 'https://www.example.com/{{ slug }}', fields: { title: 'headline' } },
      setDate: ({ sys }) => Object.assign(sys, { firstPublishedAt: oldDate }),
    },
    {
      outcome: 'held',
      options: {
        link: 'https://www.example.com/{{ slug }}',
        fields: { title: 'headline', published: 'date' },
      },
      setDate: ({ fields }) => Object.assign(fields, { date: { 'en-US': oldDate } }),
    },
  ],
};
