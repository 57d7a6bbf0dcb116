import { expect, test } from 'vitest';
import { renderTemplate, variablesOf } from '../../../lib/core/captions/template.ts';

const render = (template: string, values: Record<string, unknown> = {}, timezone = 'UTC') =>
  renderTemplate(template, values, timezone);

test.each([
  ['output', '{{ title }}', 'T & <b>'],
  ['a Liquid filter', '{{ title | append: "!" }}', 'T & <b>!'],
  ['a condition', '{% if link %}yes{% else %}no{% endif %}', 'no'],
  ['a loop', '{% for c in categories %}{{ forloop.index }}{{ c }} {% endfor %}', '1a b 2c '],
  ['hashtags', '{{ categories | hashtags: 1 }}', '#AB'],
  ['hashtags without a count', '{{ categories | hashtags }}', '#AB #c'],
  ['hashtags of a text with commas', '{{ "a b, c" | hashtags: 5 }}', '#AB #c'],
  ['hashtags of null', '[{{ link | hashtags: 5 }}]', '[]'],
  ['truncate', '{{ "The quick brown fox" | truncate: 12 }}', 'The quick…'],
  ['truncate with another ellipsis', '{{ "The quick brown fox" | truncate: 15, " >" }}', 'The quick >'],
  ['truncate of null', '[{{ link | truncate: 5 }}]', '[]'],
  ['truncate without a number', '{{ "short" | truncate }}', 'short'],
])('renders %s', (_what, template, rendered) => {
  expect(render(template, { title: 'T & <b>', categories: ['a b', 'c'], link: null })).toBe(rendered);
});

test('template syntax in values is not rendered', () => {
  const hostile = '{{ content }}{% for i in (1..9) %}x{% endfor %}{% raw %}';

  expect(render('{{ title }} {{ title | upcase | downcase }}', { title: hostile, content: 'secret' })).toBe(
    `${hostile} ${hostile.toLowerCase()}`,
  );
});

test.each([
  ['constructor', '{{ title.constructor }}{{ title.constructor.name }}'],
  ['prototype', '{{ video.__proto__ }}{{ video.prototype }}'],
  ['an inherited method', '{{ video.hasOwnProperty }}{{ categories.map }}'],
])('the %s of a value is not accessible', (_what, template) => {
  expect(render(template, { title: 'x', video: { url: 'y' }, categories: ['a'] })).toBe('');
});

test.each([
  ['include', '{% include "/etc/hostname" %}'],
  ['render', '{% render "/etc/hostname" %}'],
  ['layout', '{% layout "/etc/hostname" %}'],
  ['block', '{% block a %}{% endblock %}'],
])('tags that read files do not exist: %s', (tag, template) => {
  expect(() => render(template)).toThrow(`tag "${tag}" not found`);
});

test('filters with random results do not exist', () => {
  expect(() => render('{{ categories | sample }}', { categories: ['a', 'b'] })).toThrow(
    'undefined filter: sample',
  );
});

test.each([
  ['an endless loop', '{% for i in (1..1000000000) %}x{% endfor %}'],
  ['loops in loops', '{% for i in (1..5000) %}{% for j in (1..5000) %}x{% endfor %}{% endfor %}'],
  ['doubling', `{% assign a = "xxxxxxxxxx" %}${'{% assign a = a | append: a %}'.repeat(40)}{{ a | size }}`],
  ['padding', "{{ '2026-01-01' | date: '%99999999Y' }}"],
])('%s is stopped', (_what, template) => {
  const began = performance.now();

  expect(() => render(template)).toThrow(/limit exceeded/);

  expect(performance.now() - began).toBeLessThan(5_000);
});

test('a template over the length limit is refused', () => {
  expect(() => render('x'.repeat(20_001))).toThrow('parse length limit exceeded');
});

test("dates are rendered in the feed's time zone, not the machine's", () => {
  const values = { published: '2026-07-01T22:30:00Z' };
  const template = "{{ published | date: '%d.%m.%Y %H:%M' }}";

  expect(render(template, values, 'Europe/Berlin')).toBe('02.07.2026 00:30');
  expect(render(template, values, 'UTC')).toBe('01.07.2026 22:30');
});

test('lists the variables that a template uses', () => {
  expect(variablesOf('{% assign a = title %}{{ a }}\n{{ video.url }}{{ categories[0] }}')).toEqual([
    { path: ['title'], place: { line: 1, column: 15 } },
    { path: ['video', 'url'], place: { line: 2, column: 4 } },
    { path: ['categories', 0], place: { line: 2, column: 19 } },
  ]);
});
