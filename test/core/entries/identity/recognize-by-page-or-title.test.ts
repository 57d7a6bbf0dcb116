import { describe, expect, it } from 'vitest';
import {
  another,
  at,
  type Case,
  isPresent,
  known,
  longText,
  older,
  recognizedBy,
  slidOut,
} from './recognize-case.ts';

describe('an entry is recognized by', () => {
  it.each<[string, Case, string | null]>([
    [
      'page and title, conflicting queries, date equal',
      {
        was: [{ ...known, link: `${known.link}?id=1` }],
        now: { ...another, link: `${known.link}?id=2`, title: known.title, published: at(0) },
      },
      'page-and-title',
    ],
    [
      'page and title, conflicting queries, text equal and place lost',
      {
        was: [{ ...known, link: `${known.link}?id=1` }],
        now: { ...another, link: `${known.link}?id=2`, title: known.title, summary: longText.slice(1, 60) },
      },
      null,
    ],
    [
      'page and title, conflicting queries, one undated and text equal',
      {
        was: [{ ...known, link: `${known.link}?id=1`, summary: 'Short' }],
        now: {
          ...another,
          link: `${known.link}?id=2`,
          title: known.title,
          summary: 'Short',
          published: null,
        },
      },
      'page-and-title',
    ],
    [
      'page and title, conflicting queries, one has neither date nor text',
      {
        was: [{ ...known, link: `${known.link}?id=1` }],
        now: { ...another, link: `${known.link}?id=2`, title: known.title, summary: null, published: null },
      },
      'page-and-title',
    ],
    [
      'page and title, queries without a common parameter',
      {
        was: [{ ...known, link: `${known.link}?id=1` }],
        now: { ...another, link: `${known.link}?session=2`, title: known.title, summary: longText },
      },
      'page-and-title',
    ],

    [
      'title and date with time',
      { now: { ...another, title: known.title, published: at(0) } },
      'title-and-date',
    ],
    [
      'title and date with time, slid out',
      { now: { ...another, title: known.title, published: at(0) }, ...slidOut },
      'title-and-date',
    ],
    [
      'title and date a minute later',
      { now: { ...another, title: known.title, published: at(0, 1) }, ...slidOut },
      null,
    ],
    [
      'title and date, a day only',
      {
        was: [{ ...known, dayOnly: true }],
        now: { ...another, title: known.title, published: at(0), dayOnly: true },
        ...slidOut,
      },
      null,
    ],
    [
      'title and date, dates without information',
      { now: { ...another, title: known.title, published: at(0) }, undated: true },
      null,
    ],
    [
      'title and date, present in this document',
      {
        now: { ...another, title: known.title, published: at(0) },
        beside: [{ ...known, title: 'Edited' }, older],
      },
      null,
    ],
    [
      'text and date with time',
      { now: { ...another, summary: longText, published: at(0) }, ...slidOut },
      'text-and-date',
    ],
    [
      'text and date, a short text',
      { was: [{ ...known, summary: 'Short' }], now: { ...another, summary: 'Short', published: at(0) } },
      null,
    ],
    [
      'text and date, present in this document',
      {
        now: { ...another, summary: longText, published: at(0) },
        beside: [{ ...known, summary: 'Edited' }, older],
      },
      null,
    ],
    [
      'link and date with time',
      { now: { ...another, link: known.link, published: at(0) }, ...slidOut },
      'link-and-date',
    ],
    [
      'link and date, present in this document',
      {
        now: { ...another, link: known.link, published: at(0) },
        beside: [{ ...known, link: 'https://www.harbour.example/edited' }, older],
      },
      null,
    ],
    [
      'link and date, the link shared by two entries in the document',
      { now: { ...another, link: known.link, published: at(0) }, beside: [{ ...older, link: known.link }] },
      null,
    ],

    [
      'title and text, place lost',
      { now: { ...another, title: known.title, summary: longText } },
      'title-and-text',
    ],
    [
      'title and text, slid out, as for a daily item',
      { now: { ...another, title: known.title, summary: longText }, ...slidOut },
      null,
    ],
    [
      'title and text, both undated, gone',
      {
        was: [{ ...known, published: null }],
        now: { ...another, title: known.title, summary: longText, published: null },
        beside: [],
      },
      'title-and-text',
    ],
    [
      'title and a short text, both undated, the only one, gone',
      {
        was: [{ ...known, published: null, summary: 'Short' }],
        now: { ...another, title: known.title, summary: 'Short', published: null },
        beside: [],
      },
      'title-and-text',
    ],
    [
      'title and a short text, both undated, shared by two known entries',
      {
        was: [
          { ...known, published: null, summary: 'Short' },
          { ...known, id: 'guid-9', link: null, published: null, summary: 'Short' },
        ],
        now: { ...another, title: known.title, summary: 'Short', published: null },
        beside: [],
      },
      null,
    ],
    [
      'title and a short text, one dated',
      { was: [{ ...known, summary: 'Short' }], now: { ...another, title: known.title, summary: 'Short' } },
      null,
    ],
    [
      'title and text, slid out, once held as re-issued',
      { now: { ...another, title: known.title, summary: longText }, reissued: true, ...slidOut },
      'title-and-text',
    ],
    [
      'title and text, present in this document',
      { now: { ...another, title: known.title, summary: longText }, ...isPresent },
      null,
    ],
    ['title alone', { now: { ...another, title: known.title } }, null],
    ['text alone', { now: { ...another, summary: longText } }, null],
    ['date alone', { now: { ...another, published: at(0) } }, null],
    [
      'a guid shared by two entries in the document',
      { now: { ...another, id: 'guid-1' }, beside: [{ ...older, id: 'guid-1' }] },
      null,
    ],
  ])('%s', (_, given, expected) => {
    expect(recognizedBy(given)).toBe(expected);
  });
});
