import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizeGuid } from '../../../../lib/core/entries/normalize/normalize-guid.ts';
import { anyLink } from '../any-link.ts';
import { anyText } from '../any-text.ts';
import { differentLinks } from '../corpus.ts';

describe('a guid', () => {
  it.each([
    ['trimmed', '  tag:example.com,2026:A/ \n', 'tag:example.com,2026:A/'],
    ['kept in its case', 'A1b2', 'A1b2'],
    ['kept in its encoding', 'urn:x%2d', 'urn:x%2d'],
    [
      'normalized as a link when it is one',
      'http://WWW.example.com:80/%7ea/?utm_source=rss',
      'example.com/~a',
    ],
    [
      'kept with its fragment when it is a link',
      'https://example.com/changes/#v%31',
      'example.com/changes#v1',
    ],
    ['kept with its query when it is a link', 'https://example.com/?p=12', 'example.com?p=12'],
    ['unchanged when it is another address', 'ftp://Example.com/a/', 'ftp://Example.com/a/'],
    ['unchanged when it is an invalid address', 'https://exa mple.com/', 'https://exa mple.com/'],
  ])('is %s', (_, guid, expected) => {
    expect(normalizeGuid(guid)).toBe(expected);
  });

  it.each([null, '', ' \n\u00A0'])('is null for %j', (guid) => {
    expect(normalizeGuid(guid)).toBeNull();
  });

  it('is replaced by its hash over 8,192 bytes', () => {
    const long = 'é'.repeat(4_097);

    expect(normalizeGuid('é'.repeat(4_096))).toBe('é'.repeat(4_096));
    expect(normalizeGuid(` ${long} `)).toBe(`sha256:${createHash('sha256').update(long).digest('hex')}`);
    expect(normalizeGuid(`${long}a`)).not.toBe(normalizeGuid(`${long}b`));
  });

  it('keeps fragments, because changelog entries may differ in nothing else', () => {
    expect(normalizeGuid('https://example.com/changes#v1')).not.toBe(
      normalizeGuid('https://example.com/changes#v2'),
    );
  });

  it('is distinct for links to different pages', () => {
    expect(new Set(differentLinks.map(normalizeGuid)).size).toBe(differentLinks.length);
  });

  it('is normalized idempotently', () => {
    const guid = fc.oneof(
      anyText,
      anyLink,
      fc.constantFrom('x'.repeat(9_000), 'https://https:8080/x', 'https://https//x'),
    );
    fc.assert(
      fc.property(guid, (one) => {
        const once = normalizeGuid(one);

        expect(normalizeGuid(once)).toBe(once);
      }),
    );
  });
});
