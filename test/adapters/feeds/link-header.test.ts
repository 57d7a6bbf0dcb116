import { expect, test } from 'vitest';
import { linkIn } from '../../../lib/adapters/feeds/http/link-header.ts';

test.each([
  ['a quoted relation', '<https://hub.example/>; rel="hub"', 'https://hub.example/'],
  ['an unquoted one', '<https://hub.example/>;rel=hub', 'https://hub.example/'],
  ['one of several relations', '<https://hub.example/>; rel="alternate HUB"', 'https://hub.example/'],
  [
    'the second of two links',
    '<https://www.example.com/feed>; rel="self", <https://hub.example/>; rel="hub"',
    'https://hub.example/',
  ],
  ['the first of two hubs', '<https://one.example/>; rel="hub", </two>; rel="hub"', 'https://one.example/'],
  ['a relative address', '</hub>; rel="hub"; title="a, b"', '/hub'],
  ['no header', null, null],
  ['another relation', '<https://hub.example/>; rel="hubs"', null],
  ['no relation', '<https://hub.example/>', null],
  ['an address without an end', '<https://hub.example/; rel="hub"', null],
])('finds %s', (_, header, hub) => {
  expect(linkIn(header, 'hub')).toBe(hub);
});
