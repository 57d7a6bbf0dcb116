import { describe, expect, test } from 'vitest';
import { parseFeed } from '../../../../lib/adapters/feeds/parse-feed.ts';
import type { AppError } from '../../../../lib/core/errors.ts';

const refusalOf = async (text: string, contentType: string | null = null): Promise<AppError> =>
  parseFeed({ bytes: Buffer.from(text, 'latin1'), contentType, url: 'https://publisher.example/blog/' }).then(
    (feed) => Promise.reject(new Error(`read as ${feed.format} with ${feed.entries.length} entries`)),
    (error: AppError) => error,
  );

const page = (head: string, body = '') =>
  `<!doctype html><html><head>${head}</head><body>${body}</body></html>`;

describe('a document that is not a feed is refused with a specific code', () => {
  test.each([
    ['a page', page('<title>Hi</title>'), 'feed.html-page'],
    ['a page without a doctype', '<HTML><BODY>Hi', 'feed.html-page'],
    ['a page about feeds', page('', '<pre><rss><channel><item></pre>'), 'feed.html-page'],
    [
      'a page in XML',
      '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>',
      'feed.html-page',
    ],
    ['Cloudflare', page('<title>Just a moment...</title>'), 'feed.challenge'],
    [
      'other bot protection',
      page('<script src="https://geo.captcha-delivery.com/c.js"></script>'),
      'feed.challenge',
    ],
    [
      'SiteGround',
      page('<meta http-equiv="refresh" content="0;/.well-known/sgcaptcha/?r=%2Ffeed">'),
      'feed.challenge',
    ],
    [
      'a script that sets a cookie',
      page('', '<script>document.cookie="__test=1; path=/"; location.href="/feed?i=1"</script>'),
      'feed.wants-cookie',
    ],
    ['a page that wants cookies', page('', 'Please enable cookies and try again.'), 'feed.wants-cookie'],
    ['a German page that wants cookies', page('', 'Bitte aktivieren Sie Cookies.'), 'feed.wants-cookie'],
    [
      'a page that is empty without JavaScript',
      page('', '<noscript>You need to enable JavaScript to run this app.</noscript>'),
      'feed.wants-cookie',
    ],
    [
      'a page with content and a noscript notice',
      page('', `${'<p>News of the harbour.</p>'.repeat(100)}<noscript>Enable JavaScript</noscript>`),
      'feed.html-page',
    ],
    ['a sitemap', '<urlset><url><loc>https://a.example/</loc></url></urlset>', 'feed.other-xml'],
    [
      'an outline',
      '<opml version="2.0"><body><outline xmlUrl="https://a.example/feed"/></body></opml>',
      'feed.other-xml',
    ],
    ['a feed of another vocabulary', '<feed><product>1</product></feed>', 'feed.other-xml'],
    ['a fragment of a page', '<p>Sorry</p>', 'feed.other-xml'],
    ['an API response', '{"data":[{"id":1}]}', 'feed.other-json'],
    ['a list', '[1,2,3]', 'feed.other-json'],
    [
      'a JSON Feed of an unknown version',
      '{"version":"https://jsonfeed.org/version/7","items":[]}',
      'feed.other-json',
    ],
    [
      'a JSON Feed cut off',
      '{"version":"https://jsonfeed.org/version/1.1","items":[{"id":',
      'feed.broken-json',
    ],
    ['something in braces', '{not json}', 'feed.not-a-feed'],
    ['a PDF', '%PDF-1.7\n%\xe2\xe3\xcf\xd3', 'feed.not-a-feed'],
    ['a GIF', 'GIF89a\x01\0\x01\0', 'feed.not-a-feed'],
    ['an empty document', '', 'feed.empty'],
    ['white space', ' \r\n\t\0', 'feed.empty'],
    ['only a declaration', '<?xml version="1.0"?>', 'feed.not-a-feed'],
    ['a feed cut off in its channel', '<rss><channel><title>A', 'feed.truncated'],
  ])('%s', async (_, text, code) => {
    const refusal = await refusalOf(text);

    expect(refusal).toMatchObject({ name: 'AppError', kind: 'permanent', code });
  });
});

test('a page is refused with the feeds it advertises, and no other links', async () => {
  const refusal = await refusalOf(
    page(`
      <link rel="alternate" hreflang="fr" href="/fr/">
      <link rel="stylesheet alternate" type="application/rss+xml" href="../feed?a=1&amp;b=2">
      <link rel=alternate type="application/atom+xml; charset=utf-8" href=https://other.example/atom>
      <link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">
      <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">`),
  );

  const feeds = ['https://publisher.example/feed?a=1&b=2', 'https://other.example/atom'];
  expect(refusal.details).toEqual({ feeds });
  for (const feed of feeds) expect(refusal.message).toContain(feed);
});

test('a page that advertises its feed is not reported as bot protection', async () => {
  const head =
    '<link rel="alternate" type="application/rss+xml" href="/feed"><script src="/challenge-platform/x">';

  expect(await refusalOf(page(head))).toMatchObject({ code: 'feed.html-page' });
});

test('the message shows content type and beginning, on one line and bounded', async () => {
  const refusal = await refusalOf(
    `Oops\x07\x1b[31m\u0000\n${'x'.repeat(100_000)}`,
    `text/plain\n${'y'.repeat(10_000)}`,
  );

  expect(refusal.message).toMatch(
    /^This is neither .* The content type is "text\/plain y+…"; it begins with "Oops \[31m x+…"\.$/,
  );
  expect(refusal.message.length).toBeLessThan(300);
});
