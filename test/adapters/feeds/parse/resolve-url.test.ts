import { expect, test } from 'vitest';
import { resolveUrl } from '../../../../lib/adapters/feeds/parse/resolve-url.ts';

const BASE = 'https://a.example/blog/feed.xml';

test.each([
  ['https://b.example/Straße?a=1&b=2#c', BASE, 'https://b.example/Straße?a=1&b=2#c'],
  [' https://b.example/x \n', BASE, 'https://b.example/x'],
  ['https://b.example/one\n two', BASE, 'https://b.example/one%20two'],
  ['/top', BASE, 'https://a.example/top'],
  ['near', BASE, 'https://a.example/blog/near'],
  ['//c.example/x', BASE, 'https://c.example/x'],
  ['?page=2', BASE, 'https://a.example/blog/feed.xml?page=2'],
  ['/top', null, '/top'],
  ['magnet:?xt=urn:x', BASE, 'magnet:?xt=urn:x'],
  ['javascript:alert(1)', BASE, null],
  ['java\nscript:alert(1)', BASE, null],
  ['DATA:image/png;base64,AAAA', BASE, null],
  ['  ', BASE, null],
  [undefined, BASE, null],
])('%j relative to %j resolves to %j', (link, base, resolved) => {
  expect(resolveUrl(link, base)).toBe(resolved);
});
