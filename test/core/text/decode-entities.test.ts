import { expect, test } from 'vitest';
import { declaredEntities, decodeEntities, decodeHtml } from '../../../lib/core/text/decode-entities.ts';

test.each([
  ['&lt;b&gt; &quot;&apos;&amp;', `<b> "'&`],
  ['&amp;lt; is decoded once', '&lt; is decoded once'],
  ['&#38;lt; too', '&lt; too'],
  ['&l&lt;t;', '&l<t;'],
  ['&#233;&#xE9;&#xe9', 'ééé'],
  ['&eacute;&hellip;&NotEqualTilde;', 'é…≂̸'],
  ['&#146;&#x80;', '’€'],
  ['&#1;&#127;', ''],
  ['&#0;&#xD800;&#99999999;', '\ufffd\ufffd\ufffd'],
  ['a=1&copy=2&reg;', 'a=1&copy=2®'],
  ['&nosuch; & &; &#; &#x;', '&nosuch; & &; &#; &#x;'],
])('in XML %j decodes to %j', (raw, text) => {
  expect(decodeEntities(raw)).toBe(text);
});

test.each([
  ['&copy 2020 &amp &ampere', '© 2020 & &ere'],
  ['&nbsp;&lt;', '\u00a0<'],
  ['AT&T &nosuch;', 'AT&T &nosuch;'],
])('in HTML %j decodes to %j', (raw, text) => {
  expect(decodeHtml(raw)).toBe(text);
});

test('a document may declare its own short entities', () => {
  const declared = declaredEntities(`
    <!DOCTYPE rss [
      <!ENTITY co "Quay &amp; Co"> <!ENTITY one '&co;'>
      <!ENTITY long "${'x'.repeat(200)}"> <!ENTITY file SYSTEM "file:///etc/passwd">
    ]>`);

  expect(decodeEntities('&co; &one; &long; &file;', declared)).toBe('Quay & Co &co; &long; &file;');
});
