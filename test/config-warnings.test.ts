import { expect, test } from 'vitest';
import { configWarnings } from '../lib/config-warnings.ts';

const told = (text: string): string[] =>
  configWarnings(text).map(({ line, column, path, message }) => `${line}:${column} ${path} ${message}`);
const feed = (lines: string) => `feeds:\n  a:\n    url: https://www.example.com/a\n${lines}`;

test.each([
  ['a quoted caption', '    caption: "{{ title }}" #rain #snow\n', '4:28 feeds.a.caption ends before #rain,'],
  ['a plain caption', '    caption: New on our blog #rain\n', '4:30 feeds.a.caption ends before #rain,'],
  ['nothing', '    caption: #rain\n', '4:14 feeds.a.caption ends before #rain,'],
  [
    'the bar of a block',
    '    caption: | #rain\n      {{ title }}\n',
    '4:16 feeds.a.caption ends before #rain,',
  ],
  [
    'a block, too little indented',
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
  expect(told(feed(lines))).toEqual([expect.stringContaining(warning)]);
});

test('warns of a #word that swallows the end of a list, beside the fault that it makes', () => {
  expect(told(feed('    skip: { keywords: [sale #ad, b] }\n'))).toEqual([
    expect.stringContaining('4:29 feeds.a.skip.keywords ends before #ad, which is a comment'),
  ]);
});

test.each([
  ['a comment with a space', '    caption: "{{ title }}" # only the title\n'],
  ['a comment of two signs', '    caption: "{{ title }}" ## only the title\n'],
  ['a #word within quotes', '    caption: "{{ title }} #rain"\n'],
  ['a #word within a block', '    caption: |\n      {{ title }}\n      #rain\n'],
  ['a word that goes on to #', '    caption: C#sharp\n'],
  ['a comment after another setting', '    every: 1h #hourly\n    brand_id: 1 #ours\n'],
  ['a setting that is commented out', '    caption: |\n      {{ title }}\n    #every: 1h\n'],
  ['a comment on the next line', '    caption: New\n    #rain or snow\n    every: 1h\n'],
  ['a heading below a block', '    caption: |\n      {{ title }}\n#others\n'],
])('does not warn of %s', (_what, lines) => {
  expect(told(feed(lines))).toEqual([]);
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
])('warns of what is posted as it is in a caption: %s', (caption, warning) => {
  expect(told(feed(`    caption: ${caption}\n`))[0]).toContain(warning);
});

test.each([
  '"{{ title }}\\n\\n#rain"',
  '"{% if title %}{{ title }}{% endif %}"',
  `'{{ title | replace: "\\n", " " }}'`,
  '"100% cotton, 50% off"',
  '"{{ title | append: \\"{x}\\" }}"',
  '"{ }"',
])('does not warn of the caption %s', (caption) => {
  expect(told(feed(`    caption: ${caption}\n`))).toEqual([]);
});

test('warns of placeholders in every template', () => {
  const lines = '    utm: { campaign: "{title}" }\n    post: { title: "%title%", campaign_ids: [1] }\n';

  expect(told(feed(lines))).toEqual([
    expect.stringContaining('feeds.a.utm.campaign holds {title}'),
    expect.stringContaining('feeds.a.post.title holds %title%'),
  ]);
});

test('reports the same thing once a setting, and survives what is no YAML or no Liquid', () => {
  expect(told(feed("    caption: 'a\\nb\\nc'\n"))).toHaveLength(1);
  expect(told('feeds: [')).toEqual([]);
  expect(told(feed('    caption: "{{ title"\n'))).toEqual([]);
});
