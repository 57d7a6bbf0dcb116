import { describe, expect, test } from 'vitest';
import { readFeed } from '../../../../lib/adapters/feeds/parse/read-feed.ts';

const read = async (items: string) => {
  const text = `{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[${items}]}`;
  return (await readFeed({ bytes: Buffer.from(text), contentType: null, url: '' })).entries;
};

describe('a numeric ID in a JSON Feed keeps its digits', () => {
  test.each([
    ['small', '7', '7'],
    ['the largest safe integer', '9007199254740991', '9007199254740991'],
    ['larger', '9007199254740993', '9007199254740993'],
    ['negative', '-9007199254740993', '-9007199254740993'],
    ['much larger', '123456789012345678901234567890', '123456789012345678901234567890'],
    ['a string', '"9007199254740993"', '9007199254740993'],
  ])('%s', async (_, written, id) => {
    expect((await read(`{ "id" : ${written} }`)).map((entry) => entry.id)).toEqual([id]);
  });

  test('IDs that differ only in the last digit stay distinct', async () => {
    const entries = await read('{"id":9007199254740992},{"id":9007199254740993}');

    expect(entries.map(({ id }) => id)).toEqual(['9007199254740992', '9007199254740993']);
  });
});

test('HTML entities left in plain text fields are decoded once', async () => {
  const [entry] = await read(
    '{"title":"Tom &amp; Jerry&#8217;s","summary":"a &lt; b","content_text":"AT&amp;T &amp;amp;","tags":["R&amp;D"],"authors":[{"name":"Zo&euml;"}]}',
  );

  expect(entry).toMatchObject({
    title: 'Tom & Jerry’s',
    summary: 'a < b',
    content: 'AT&T &amp;',
    categories: ['R&D'],
    author: 'Zoë',
  });
});

test('lone surrogates are replaced', async () => {
  const [entry] = await read(
    '{"id":"a\\ud800","url":"https://e.example/\\udc00","title":"T\\ud83d","tags":["x\\ud800"]}',
  );

  expect(JSON.stringify(entry)).not.toMatch(/\\ud[89a-f]/i);
  expect(entry).toMatchObject({ id: 'a\ufffd', title: 'T\ufffd', categories: ['x\ufffd'] });
});
