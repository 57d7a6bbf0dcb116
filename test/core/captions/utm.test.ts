import { expect, it, test } from 'vitest';
import { withUtm } from '../../../lib/core/captions/utm.ts';
import { noEditorial } from '../../../lib/core/editorial/editorial.ts';
import { normalizeLink } from '../../../lib/core/entries/normalize/normalize-link.ts';
import { renderPost } from '../../../lib/core/posts/render-post.ts';
import { feedOf, story } from '../../support/entries.ts';

const utm = { source: 'tiktok', campaign: '{{ feed }}' };
const render = (template: string) => template.replace('{{ feed }}', 'News & more');
const ours = 'utm_source=tiktok&utm_campaign=News%20%26%20more';

test.each([
  ['https://www.example.com', `https://www.example.com?${ours}`],
  ['https://www.example.com/a?b=%20c+d', `https://www.example.com/a?b=%20c+d&${ours}`],
  ['https://www.example.com/a#part', `https://www.example.com/a?${ours}#part`],
  ['https://www.example.com/a?b=1#c?d', `https://www.example.com/a?b=1&${ours}#c?d`],
  ['https://www.example.com/a?', `https://www.example.com/a?${ours}`],
  [
    'https://www.example.com/a?UTM_Source=rss&utm_medium=feed&b',
    `https://www.example.com/a?utm_medium=feed&b&${ours}`,
  ],
  ['mailto:a@example.com', 'mailto:a@example.com'],
])('%s becomes %s', (link, expected) => {
  const appended = withUtm(link, utm, render);

  expect(appended).toBe(expected);
  expect(normalizeLink(appended)).toEqual(normalizeLink(link));
});

it('parameters that render empty are left out, and the link is unchanged if all do', () => {
  expect(withUtm('https://www.example.com/?utm_source=rss', { source: ' ' }, (text) => text)).toBe(
    'https://www.example.com/?utm_source=rss',
  );
});

it('UTM parameters are on the link in every template', () => {
  const feed = feedOf({
    caption: '{{ title }} {{ link }}',
    post: { title: '{{ link }}' },
    editorial: { ...noEditorial, utm },
  });

  const rendered = renderPost(feed, story(1), { feedTitle: 'Newsroom' });

  const link = 'https://www.example.com/1?utm_source=tiktok&utm_campaign=Newsroom';
  expect(rendered).toMatchObject({ ok: true, post: { text: `Story 1 ${link}`, title: link } });
});
