import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanText, htmlToText, oneLine } from '../../../lib/core/text/html-text.ts';

describe('HTML becomes the visible text', () => {
  const table: [string, string, string][] = [
    [
      'tags are removed and their text is kept',
      'A <b>bold</b> <a href="https://x.example">step</a>.',
      'A bold step.',
    ],
    ['inline tags do not split words', 'un<em>believ</em>able', 'unbelievable'],
    [
      'entities are decoded once',
      'Tom &amp; Jerry &lt;3 &amp;amp; &#8217;&eacute;',
      'Tom & Jerry <3 &amp; ’é',
    ],
    ['a lone < is text', '1 < 2 and 3 > 2 & so on', '1 < 2 and 3 > 2 & so on'],
    ['paragraphs are separated by a blank line', '<p>One</p>\n<p>Two</p>', 'One\n\nTwo'],
    ['blocks start a line', '<div>One</div><div>Two</div>', 'One\nTwo'],
    ['br breaks the line', 'One<br>Two<br/><br />Three', 'One\nTwo\n\nThree'],
    ['many breaks leave one blank line', 'One<br><br><br><br><p><p>Two', 'One\n\nTwo'],
    ['list items are lines', '<ul><li>One</li> <li>Two</li></ul>', 'One\nTwo'],
    [
      'table cells are separated',
      '<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>',
      '1 2\n3',
    ],
    ['white space is collapsed', '  a \n\t b&nbsp;&nbsp;c  ', 'a b c'],
    ['preformatted text keeps its lines', '<pre>a  b\n  c</pre>d', 'a  b\n  c\n\nd'],
    ['scripts and styles are not text', 'a<script>if (1<2) "</p>"</script><style>p{}</style>b', 'ab'],
    [
      'fallbacks are not text',
      '<video src=x>Your browser is old</video>Hello<noscript>No</noscript>',
      'Hello',
    ],
    ['a self-closing element hides nothing', 'a<iframe src="x"/>b<script/>c', 'abc'],
    [
      'an unclosed invisible element hides nothing',
      'a<iframe src="x"> <b>b</b><IFRAME> c<object data="y"> d<video> e',
      'a b c d e',
    ],
    [
      'an invisible element that is closed hides its content',
      'a<iframe>b<iframe>c</iframe>d<iframe>e',
      'ade',
    ],
    ['comments are not text', 'a<!-- <p>b</p> -->c', 'ac'],
    ['a tag cut off at the end is dropped', 'Hello <a href="https://x.exa', 'Hello'],
    ['control characters and lone surrogates are removed', 'a\u0000b\u0008c\ud800d', 'abc\ufffdd'],
    [
      'an emoji image becomes its emoji',
      'Half price <img class="wp-smiley" src="x.png" alt="🔥" />. S<img src="https://s.w.org/images/core/emoji/1/27a1.png" alt="➡">L',
      'Half price 🔥. S➡L',
    ],
    [
      'an image with only emoji as its alt text becomes them',
      '<img alt="👩‍👩‍👧 🇫🇷 3️⃣" src="x.png"> here',
      '👩‍👩‍👧 🇫🇷 3️⃣ here',
    ],
    ['an image described in words is not text', '<img alt="3 sails" src="x.png"> here', 'here'],
    ['an image taller than a line is not text', '<img alt="🔥" width="800" src="x.jpg"> here', 'here'],
    [
      'an email address hidden by Cloudflare is left out',
      'Write to <a class="__cf_email__" data-cfemail="3d4e">[email&#160;protected]</a> or <b>call</b>',
      'Write to or call',
    ],
    [
      'a formula is text, but its source is not',
      'E=<math><mi>m</mi><annotation>m</annotation></math>',
      'E=m',
    ],
    ['a drawing within text is not text', '<svg><title>Star</title></svg>Five stars', 'Five stars'],
    ['a drawing alone becomes its title', '<p><svg><title>Five stars</title></svg></p>', 'Five stars'],
    ['emoji stay whole', '&#x1F600; 👩‍👩‍👧', '😀 👩‍👩‍👧'],
    ['an empty paragraph is empty', '<p> &nbsp; </p>', ''],
  ];

  test.each(table)('%s', (_, html, text) => {
    expect(htmlToText(html)).toBe(text);
  });

  test('any string is converted to tidy text', () => {
    const soup = fc.array(
      fc.oneof(
        fc.constantFrom(
          '<p>',
          '</p>',
          '<br>',
          '<pre>',
          '</pre>',
          '<script>',
          '</script>',
          '<a href="',
          '<!--',
          '-->',
          '&amp;',
          '&',
          '<',
          '>',
        ),
        fc.string({ unit: 'binary' }),
      ),
    );

    fc.assert(
      fc.property(soup, (parts) => {
        const text = htmlToText(parts.join(''));

        expect(text).toBe(text.trim());
        expect(text).not.toMatch(/\n{3,}/);
        expect(text.isWellFormed()).toBe(true);
      }),
    );
  });
});

test('plain text is cleaned but not decoded', () => {
  expect(cleanText('  One\r\nTwo \t x \n\n\n\n &amp; <b>\u0007 ')).toBe('One\nTwo x\n\n&amp; <b>');
  expect(oneLine(' One\n\n Two ')).toBe('One Two');
});
