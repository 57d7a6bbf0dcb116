import { describe, expect, it } from 'vitest';
import {
  another,
  at,
  type Case,
  known,
  longText,
  noGuid,
  older,
  recognizedBy,
  slidOut,
} from './recognize-case.ts';

describe('an entry is recognized by', () => {
  it.each<[string, Case, string | null]>([
    ['guid, all else edited', { now: { ...another, id: 'guid-1' } }, 'guid'],
    ['guid, the known one has slid out', { now: { ...another, id: 'guid-1' }, ...slidOut }, 'guid'],
    ['nothing, if no fact is equal', { now: another }, null],

    [
      'link, no guids, date equal',
      { was: [noGuid], now: { ...another, id: null, link: noGuid.link, published: at(0) } },
      'link',
    ],
    [
      'link, no guids, text equal',
      { was: [noGuid], now: { ...another, id: null, link: noGuid.link, summary: longText } },
      'link',
    ],
    [
      'link, no guids, a short text equal',
      {
        was: [{ ...noGuid, summary: 'Short' }],
        now: { ...another, id: null, link: noGuid.link, summary: 'Short' },
      },
      'link',
    ],
    [
      'link, no guids, both dated and place lost',
      { was: [noGuid], now: { ...another, id: null, link: noGuid.link } },
      'link',
    ],
    [
      'link, no guids, both dated, slid out',
      { was: [noGuid], now: { ...another, id: null, link: noGuid.link }, ...slidOut },
      null,
    ],
    [
      'link, no guids, one undated and titles equal',
      {
        was: [noGuid],
        now: { ...another, id: null, link: noGuid.link, title: known.title, published: null },
        ...slidOut,
      },
      'link',
    ],
    [
      'link, no guids, one undated and no text',
      {
        was: [{ ...noGuid, summary: null }],
        now: { ...another, id: null, link: noGuid.link, summary: null, published: null },
        ...slidOut,
      },
      'link',
    ],
    [
      'link, no guids, one undated, other title and text',
      { was: [noGuid], now: { ...another, id: null, link: noGuid.link, published: null } },
      null,
    ],
    ['link, one has a guid', { now: { ...another, id: null, link: known.link } }, null],

    [
      'page and title, date equal',
      { now: { ...another, link: known.link, title: known.title, published: at(0) } },
      'page-and-title',
    ],
    [
      'page and title, date equal, slid out',
      { now: { ...another, link: known.link, title: known.title, published: at(0) }, ...slidOut },
      'page-and-title',
    ],
    [
      'page and title, text equal and place lost',
      { now: { ...another, link: known.link, title: known.title, summary: longText } },
      'page-and-title',
    ],
    [
      'page and title, neither has text, place lost',
      {
        was: [{ ...known, summary: null }],
        now: { ...another, link: known.link, title: known.title, summary: null },
      },
      null,
    ],
    [
      'page and title, one has neither date nor text',
      {
        now: { ...another, link: known.link, title: known.title, summary: null, published: null },
        ...slidOut,
      },
      'page-and-title',
    ],
    [
      'page and title, another date and text, as for a recurring offer',
      { now: { ...another, link: known.link, title: known.title } },
      null,
    ],
    [
      'page and title, the text equal, slid out',
      { now: { ...another, link: known.link, title: known.title, summary: longText }, ...slidOut },
      null,
    ],
    [
      'page and title, date equal, present in this document',
      {
        now: { ...another, link: known.link, title: known.title, published: at(0, 1) },
        beside: [{ ...known, title: 'Edited' }, older],
      },
      null,
    ],
    [
      'page and title, the same day where dates are days',
      {
        was: [{ ...known, dayOnly: true }],
        now: { ...another, link: known.link, title: known.title, published: at(0, 30), dayOnly: true },
      },
      'page-and-title',
    ],
  ])('%s', (_, given, expected) => {
    expect(recognizedBy(given)).toBe(expected);
  });
});
