import { expect, test } from 'vitest';
import { renderTemplate } from '../../../lib/core/captions/template.ts';
import {
  templateFaults,
  templateValues,
  templateVariables,
} from '../../../lib/core/captions/template-values.ts';
import { entryOf, feedOf } from '../../support/entries.ts';

const video = { url: 'https://v.example/a.mp4', type: 'video/mp4', length: 1_000, durationS: 61 };

test('every variable is defined, null when missing', () => {
  const values = templateValues(feedOf(), entryOf(), null);

  expect(Object.keys(values)).toEqual(templateVariables);
  expect(values).toMatchObject({ title: null, link: null, categories: [], video: null, image: null });
});

test.each([
  ['{{ video }}', 'https://v.example/a.mp4'],
  [
    '{{ video.url }} {{ video.type }} {{ video.length }} {{ video.duration }}',
    'https://v.example/a.mp4 video/mp4 1000 61',
  ],
  ['{{ feed }}', 'The News'],
  ['{{ feed | upcase }}', 'THE NEWS'],
  ['{{ feed.id }} {{ feed.title }} {{ feed.url }}', 'newsroom The News https://www.example.com/feed.xml'],
  ['{% if video %}yes{% endif %}', 'yes'],
])('%s renders to %s', (template, rendered) => {
  const values = templateValues(feedOf(), entryOf({ video }), 'The News');

  expect(renderTemplate(template, values, 'UTC')).toBe(rendered);
  expect(templateFaults(template)).toEqual([]);
});

test('a feed without a title is named by its ID', () => {
  const values = templateValues(feedOf(), entryOf(), null);

  expect(renderTemplate('{{ feed }}', values, 'UTC')).toBe('newsroom');
});

test('long texts are bounded, and a link is never cut', () => {
  const long = 'word '.repeat(200_000);
  const entry = entryOf({
    title: long,
    content: long,
    link: `https://e.com/${'x'.repeat(1_000_000)}`,
    categories: Array(5_000).fill('a'),
  });

  const values = templateValues(feedOf(), entry, long);

  expect(JSON.stringify(values).length).toBeLessThan(200_000);
  expect(values.link).toBeNull();
});

test.each([
  ['{{ titel }}', ['uses "titel", which no entry has: did you mean title?']],
  ['{{ video.uri }}', ['uses "video.uri", which does not exist: did you mean url?']],
  ['{{ feed.name }}', ['uses "feed.name", which does not exist: there are id, title, url']],
  [
    '{{ titel }}{{ titel }}{{ bodi }}',
    [
      'uses "titel", which no entry has: did you mean title?',
      'uses "bodi", which no entry has: there are title, summary, content, link, author, categories, published, image, video, feed',
    ],
  ],
  ['one\n\n  {{ titel }}', ['uses "titel", which no entry has: did you mean title? (its line 3, column 6)']],
  [
    '{{ title | hashtag: 3 }}',
    ['is not a Liquid template: undefined filter: hashtag, did you mean hashtags? (its line 1, column 1)'],
  ],
  ['ok\n  {{ title', ['is not a Liquid template: output "{{ title" not closed (its line 2, column 3)']],
  ['{% if title %}', ['is not a Liquid template: tag {% if title %} not closed (its line 1, column 1)']],
  [
    '{% iff title %}{% endif %}',
    ['is not a Liquid template: tag "iff" not found, did you mean if? (its line 1, column 1)'],
  ],
  [
    '{{ toString }}{{ constructor.name }}',
    [
      expect.stringContaining('uses "toString", which no entry has'),
      expect.stringContaining('uses "constructor", which no entry has'),
    ],
  ],
])('the faults of %j are reported', (template, faults) => {
  expect(templateFaults(template)).toEqual(faults);
});

test.each([
  '',
  'no variables',
  '{{ categories[0] }}',
  '{% assign t = title %}{{ t }}',
  '{{ categories.size }}',
  '{% for c in categories %}{{ c }}{{ forloop.last }}{% endfor %}',
])('%j has no faults', (template) => {
  expect(templateFaults(template)).toEqual([]);
});
