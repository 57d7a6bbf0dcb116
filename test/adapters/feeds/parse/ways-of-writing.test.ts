import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeText } from '../../../../lib/adapters/feeds/parse/decode-text.ts';
import { parseFeed } from '../../../../lib/adapters/feeds/parse-feed.ts';
import { AppError } from '../../../../lib/core/errors.ts';

const FIXTURES = join(import.meta.dirname, '../../../fixtures/feeds');
const documents = readdirSync(FIXTURES).filter((name) => extname(name) === '.xml');

const readBytes = async (bytes: Uint8Array) => {
  try {
    return await parseFeed({ bytes, contentType: null, url: 'https://publisher.example/feed' });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.code;
  }
};

const withoutCharset = (document: string): string =>
  document.replace(/(<\?xml[^>]*?)\sencoding="[^"]*"/, '$1');

/** Changes markup only; CDATA, comments and declarations are left as they are. */
const inMarkup = (document: string, change: (markup: string) => string): string =>
  document
    .split(/(<!\[CDATA\[.*?\]\]>|<!--.*?-->|<[?!].*?>)/s)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join('');

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const ways: [string, (document: string) => string | Uint8Array][] = [
  ['UTF-16, little-endian', (document) => Buffer.from(`\ufeff${document}`, 'utf16le')],
  ['UTF-16, big-endian', (document) => Buffer.from(`\ufeff${document}`, 'utf16le').swap16()],
  ['a byte order mark', (document) => `\ufeff${document}`],
  ['DOS line endings', (document) => document.replace(/\r?\n/g, '\r\n')],
  [
    'escapes instead of CDATA',
    (document) => document.replace(/<!\[CDATA\[(.*?)\]\]>/gs, (_, text: string) => escaped(text)),
  ],
  [
    'comments between elements',
    (document) =>
      inMarkup(document, (markup) => markup.replace(/(<\/[\w:]+>)(?=\s*<)/g, '$1<!-- a > b --><?a b?>')),
  ],
  [
    'space inside tags',
    (document) =>
      inMarkup(document, (markup) =>
        markup.replace(/<([a-z][\w:.-]*)((?: [^<>]*?)?)(\/?)>/gi, '<$1\n $2\t$3>'),
      ),
  ],
  [
    'single quotes',
    (document) =>
      inMarkup(document, (markup) =>
        markup.replace(/<[a-z][^<>']*>/gi, (tag) => tag.replace(/="([^"]*)"/g, " = '$1'")),
      ),
  ],
  [
    'numeric character references',
    (document) =>
      inMarkup(document, (markup) =>
        markup
          .replaceAll('&amp;', '&#38;')
          .replaceAll('&lt;', '&#x3c;')
          .replace(/[\u00a1-\ud7ff]/g, (character) => `&#${character.charCodeAt(0)};`),
      ),
  ],
];

describe.each(ways)('a document is parsed the same with %s', (_, write) => {
  test.each(documents)('%s', async (name) => {
    const document = withoutCharset(decodeText(readFileSync(join(FIXTURES, name)), null));

    const meant = await readBytes(Buffer.from(document));
    const read = await readBytes(Buffer.from(write(document)));

    expect(read).toEqual(meant);
  });
});
