import { describe, expect, test } from 'vitest';
import { readConfig } from '../lib/config.ts';
import { faultLines, feedWith } from './support/config-faults.ts';

describe('YAML', () => {
  test('supports anchors, merge keys and top-level x-… as in Compose', () => {
    const text = `
x-common: &common
  brand_id: 1
  every: 15m
  post: &post { disable_duet: true }
x-other: &other { every: 30m, backfill: 5 }
feeds:
  a:
    <<: *common
    url: https://e.com/a
  b:
    url: https://e.com/b
    <<: [*common, *other]
    post: { <<: *post, title: x }
  c:
    <<: *other
    url: https://e.com/c
    every: 2h
    brand_id: 2
`;

    const { feeds } = readConfig(text, 'feeds.yml');

    expect(feeds).toMatchObject([
      { id: 'a', brandId: 1, rhythm: { everyMs: 900_000 }, backfill: 0, post: { disable_duet: true } },
      {
        id: 'b',
        brandId: 1,
        rhythm: { everyMs: 900_000 },
        backfill: 5,
        post: { disable_duet: true, title: 'x' },
      },
      { id: 'c', brandId: 2, rhythm: { everyMs: 7_200_000 }, backfill: 5 },
    ]);
  });

  test('allows x-… at the top level only', () => {
    expect(faultLines(feedWith('x-note: hello'))).toEqual([
      expect.stringMatching(/^5:5 feeds\.newsroom\.x-note is not a setting/),
    ]);
  });

  test('keeps numeric IDs as written', () => {
    const text =
      'defaults: { brand_id: 1 }\nfeeds:\n  007: { url: "https://e.com" }\n  1e3: { url: "https://e.com" }';

    expect(
      readConfig(text, 'feeds.yml')
        .feeds.map(({ id }) => id)
        .toSorted(),
    ).toEqual(['007', '1e3']);
  });

  test('allows thousands of feeds to share an anchor', () => {
    const feeds = Array.from(
      { length: 1_000 },
      (_, i) => `  f${i}: { <<: *common, url: "https://e.com/${i}" }`,
    );
    const text = ['x-common: &common { brand_id: 1, caption: "{{ title }}" }', 'feeds:', ...feeds].join('\n');

    expect(readConfig(text, 'feeds.yml').feeds).toHaveLength(1_000);
  });
});

describe('invalid YAML', () => {
  test.each([
    ['an empty file', '', '1:1 the file is empty: add feeds:, and below it the ID of a feed with its url'],
    [
      'only comments',
      '# nothing\n',
      '1:1 the file is empty: add feeds:, and below it the ID of a feed with its url',
    ],
    [
      'a list',
      '- a\n- b',
      '1:1 must be a map of settings, not a list of 2: write one name, a colon and a value per line',
    ],
    [
      'a word',
      'feeds',
      '1:1 must be a map of settings, not a string of 5 characters: write one name, a colon and a value per line',
    ],
    ['a tab', 'feeds:\n\ta: 1', '2:1 this line is indented with a tab: use spaces'],
    [
      'two documents',
      'feeds: {}\n---\nfeeds: {}',
      '2:1 a second document begins here (---): keep one document per file',
    ],
    [
      'a duplicate name',
      'feeds: {}\ntimezone: UTC\nfeeds: {}',
      '3:1 this name appears twice: keep one of them',
    ],
    ['a missing anchor', 'x-a: *nope\nfeeds: {}', '1:6 there is no anchor &nope above this alias'],
    ['a later anchor', 'x-a: *b\nx-b: &b 1\nfeeds: {}', '1:6 there is no anchor &b above this alias'],
    [
      'a merge of a string',
      'x-a: &a text\n<<: *a\nfeeds: {}',
      '2:5 a merge key << takes a map, or a list of maps',
    ],
    [
      'a tag',
      'feeds: !!python/object {}',
      '1:8 this is not valid YAML: Unresolved tag: tag:yaml.org,2002:python/object: remove the tag',
    ],
    [
      'a line with too little indentation',
      'feeds:\n  a: {}\n b: {}',
      expect.stringMatching(
        /^3:1 this is not valid YAML: All .* same column: check the indentation of this line/,
      ),
    ],
    ['an open bracket', 'feeds: [a', expect.stringMatching(/^1:10 this is not valid YAML: /)],
    [
      'an open quote',
      'feeds: "a\nb',
      expect.stringMatching(/^2:2 this is not valid YAML: Missing closing "quote/),
    ],
    [
      'a nested map on one line',
      'feeds: a: b',
      expect.stringMatching(/^1:8 this is not valid YAML: Nested mappings/),
    ],
    [
      'an indented first line',
      '  a: 1\n\ntimezone: UTC\nfeeds: {}',
      expect.stringMatching(/^3:1 this is not valid YAML: /),
    ],
    [
      'a recursive alias',
      'x-a: &a { b: *a }\nfeeds: {}',
      '1:9 this is nested more than 50 deep, or is an alias of itself',
    ],
    [
      'a recursive merge',
      'x-a: &a { <<: *a }\nfeeds: {}',
      '1:9 this is nested more than 50 deep, or is an alias of itself',
    ],
    [
      'a name reserved by JavaScript',
      'feeds: { constructor: {} }',
      '1:10 this name cannot be used: choose another',
    ],
    [
      'a name that is a list',
      'feeds: { ? [a] : 1 }',
      '1:12 a name must be plain text: write it without brackets',
    ],
    [
      'Latin-1',
      Buffer.from('feeds:\n  # caf\xe9\n', 'latin1'),
      '2:8 the file is not UTF-8 text: save it as UTF-8',
    ],
    [
      'deeply nested maps',
      `${'{a: '.repeat(5_000)}${'}'.repeat(5_000)}`,
      expect.stringMatching(/^1:\d+ this is nested more than 50 deep$/),
    ],
    ['UTF-16', Buffer.from('feeds: {}', 'utf16le'), '1:2 the file is not UTF-8 text: save it as UTF-8'],
  ])('%s', (_what, text, fault) => {
    expect(faultLines(text)).toEqual([fault]);
  });

  test.each([
    ['brackets', '['.repeat(20_000)],
    [
      'aliases',
      [
        'x-a: &a [1,1,1,1,1,1,1,1,1,1]',
        ...'bcdefghi'.split('').map((name, i) => `x-${name}: &${name} [${`*${'abcdefgh'[i]},`.repeat(10)}]`),
        'feeds: {}',
      ].join('\n'),
    ],
    [
      'merges',
      [
        'x-a: &a { k: 1 }',
        ...'bcdefghi'
          .split('')
          .map((name, i) => `x-${name}: &${name} { <<: [${`*${'abcdefgh'[i]},`.repeat(10)}] }`),
        'feeds: {}',
      ].join('\n'),
    ],
  ])('endlessly expanding %s are refused quickly', (_what, text) => {
    const began = performance.now();

    expect(faultLines(text).length).toBeGreaterThan(0);

    expect(performance.now() - began).toBeLessThan(10_000);
  });
});
