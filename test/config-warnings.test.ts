import { expect, test } from 'vitest';
import { configWarnings } from '../lib/config-warnings.ts';

const warningsOf = (text: string): string[] =>
  configWarnings(text).map(({ line, column, path, message }) => `${line}:${column} ${path} ${message}`);
const feed = (lines: string) => `feeds:\n  a:\n    url: https://www.example.com/a\n${lines}`;

test.each([
  ['a quoted caption', '    caption: "{{ title }}" #rain #snow\n', '4:28 feeds.a.caption ends before #rain,'],
  ['a plain caption', '    caption: New on our blog #rain\n', '4:30 feeds.a.caption ends before #rain,'],
  ['nothing', '    caption: #rain\n', '4:14 feeds.a.caption ends before #rain,'],
  [
    'a block indicator',
    '    caption: | #rain\n      {{ title }}\n',
    '4:16 feeds.a.caption ends before #rain,',
  ],
  [
    'a block with too little indentation',
    '    caption: |\n      {{ title }}\n    #rain #snow\n',
    '6:5 feeds.a.caption ends before #rain,',
  ],
  [
    'a plain caption, on the next line',
    '    caption: New\n      #rain\n',
    '5:7 feeds.a.caption ends before #rain,',
  ],
  [
    'a keyword',
    '    skip:\n      keywords:\n        - sale #ad\n',
    '6:16 feeds.a.skip.keywords ends before #ad,',
  ],
  [
    'a category',
    '    only: { categories: [\n      New #ad\n      ] }\n',
    '5:11 feeds.a.only.categories ends before #ad,',
  ],
  [
    'a value of utm',
    '    utm:\n      campaign: spring #sale\n',
    '5:24 feeds.a.utm.campaign ends before #sale,',
  ],
  [
    'a field of the post',
    '    post: { title: New\n      #sale\n      }\n',
    '5:7 feeds.a.post.title ends before #sale,',
  ],
  ['an anchor', '    brand_id: 1\nx-cap: &cap "{{ title }}" #rain\n', '5:27 x-cap ends before #rain,'],
])('warns of a #word after %s', (_what, lines, warning) => {
  expect(warningsOf(feed(lines))).toEqual([expect.stringContaining(warning)]);
});

test('warns of a #word that comments out the end of a list, in addition to the error', () => {
  expect(warningsOf(feed('    skip: { keywords: [sale #ad, b] }\n'))).toEqual([
    expect.stringContaining('4:29 feeds.a.skip.keywords ends before #ad, where a YAML comment begins'),
  ]);
});

test.each([
  ['a comment with a space', '    caption: "{{ title }}" # only the title\n'],
  ['a comment with two signs', '    caption: "{{ title }}" ## only the title\n'],
  ['a #word within quotes', '    caption: "{{ title }} #rain"\n'],
  ['a #word within a block', '    caption: |\n      {{ title }}\n      #rain\n'],
  ['a # inside a word', '    caption: C#sharp\n'],
  ['a comment after another setting', '    every: 1h #hourly\n    brand_id: 1 #ours\n'],
  ['a setting that is commented out', '    caption: |\n      {{ title }}\n    #every: 1h\n'],
  ['a comment on the next line', '    caption: New\n    #rain or snow\n    every: 1h\n'],
  ['a heading below a block', '    caption: |\n      {{ title }}\n#others\n'],
])('does not warn of %s', (_what, lines) => {
  expect(warningsOf(feed(lines))).toEqual([]);
});

test.each([
  ["'{{ title }}\\n\\n#rain'", '4:26 feeds.a.caption holds \\n, which is posted as it is: break the line'],
  ['|\n      {{ title }}\n      {{ summary }}\\r\\n#rain', '6:20 feeds.a.caption holds \\r, which'],
  ['"{title} now"', '4:15 feeds.a.caption holds {title}, which is posted as it is: write {{ title }}'],
  ['"{ titel }"', '4:15 feeds.a.caption holds { titel }, which is posted as it is: write {{ title }}'],
  ['"New: %summary%"', '4:20 feeds.a.caption holds %summary%, which is posted as it is: write {{ summary }}'],
  [`"New: \${link}"`, `4:20 feeds.a.caption holds \${link}, which is posted as it is: write {{ link }}`],
  [
    'New {price}',
    '4:18 feeds.a.caption holds {price}, which is posted as it is: write {{ }} around one of title, s',
  ],
  ['"{% raw %}{{ title }}{% endraw %}"', '4:24 feeds.a.caption holds {{, which is posted as it is: every {{'],
])('warns of text in a caption that is posted unchanged: %s', (caption, warning) => {
  expect(warningsOf(feed(`    caption: ${caption}\n`))[0]).toContain(warning);
});

test.each([
  '"{{ title }}\\n\\n#rain"',
  '"{% if title %}{{ title }}{% endif %}"',
  `'{{ title | replace: "\\n", " " }}'`,
  '"100% cotton, 50% off"',
  '"{{ title | append: \\"{x}\\" }}"',
  '"{ }"',
])('does not warn of the caption %s', (caption) => {
  expect(warningsOf(feed(`    caption: ${caption}\n`))).toEqual([]);
});

test('warns of placeholders in every template', () => {
  const lines = '    utm: { campaign: "{title}" }\n    post: { title: "%title%", campaign_ids: [1] }\n';

  expect(warningsOf(feed(lines))).toEqual([
    expect.stringContaining('feeds.a.utm.campaign holds {title}'),
    expect.stringContaining('feeds.a.post.title holds %title%'),
  ]);
});

test('warns once per setting, and accepts invalid YAML and Liquid', () => {
  expect(warningsOf(feed("    caption: 'a\\nb\\nc'\n"))).toHaveLength(1);
  expect(warningsOf('feeds: [')).toEqual([]);
  expect(warningsOf(feed('    caption: "{{ title"\n'))).toEqual([]);
});
