import { describe, expect, it } from 'vitest';
import { changedFields, differenceLine } from '../../../lib/core/entries/difference.ts';
import type { Entry } from '../../../lib/core/entries/entry.ts';
import { toStoredEntry } from '../../../lib/core/entries/stored-entry.ts';
import { story } from '../../support/entries.ts';

const changes = (after: Partial<Entry>, before: Partial<Entry> = {}) =>
  changedFields(toStoredEntry(story(1, before)), toStoredEntry(story(1, after)));
const line = (after: Partial<Entry>, before: Partial<Entry> = {}) => differenceLine(changes(after, before));

describe('the difference of two versions of an article', () => {
  it('names each field that changed', () => {
    const video = { url: 'https://v.example.com/1.mp4', type: null, length: null, durationS: null };
    const found = changes({
      ...{ title: 'x', summary: null, content: 'y', link: 'https://e.example/2' },
      image: 'https://e.example/2.jpg',
      video,
    });

    expect(found.map(({ field }) => field)).toEqual(['title', 'summary', 'text', 'link', 'picture', 'video']);
    expect(found.at(-1)?.parts).toEqual([{ kind: 'added', text: video.url }]);
  });

  it.each([
    ['one word', { title: 'Opens on Monday' }, { title: 'Opens on Friday' }, 'title: “Friday” → “Monday”'],
    ['an addition', { summary: 'Old. And new.' }, { summary: 'Old.' }, 'summary: added “And new.”'],
    ['a removal', { summary: 'Old.' }, { summary: 'Old. And new.' }, 'summary: removed “And new.”'],
    [
      'more than two changes of a field',
      { content: 'A 1 b 2 c 3 d' },
      { content: 'A x b y c z d' },
      'text: “x” → “1”, “y” → “2” and 1 more',
    ],
  ])('fits on one line with %s', (_, after, before, expected) => {
    expect(line(after, before)).toBe(expected);
  });

  it('is bounded, whatever the publisher wrote', () => {
    const long = line({
      title: `${'🌉\n'.repeat(900)}`,
      content: 'z'.repeat(9_000),
      link: `https://e.example/${'p'.repeat(900)}`,
    });

    expect(long.length).toBeLessThanOrEqual(301);
    expect(long).not.toContain('\n');
    expect(long.isWellFormed()).toBe(true);
  });
});
