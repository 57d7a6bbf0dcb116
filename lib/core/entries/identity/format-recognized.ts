import type { EntryRow, RecognizedAs } from '../../ledger/row.ts';
import { normalizeLink } from '../normalize/normalize-link.ts';
import { normalizeTitle } from '../normalize/normalize-title.ts';

const factNames: Readonly<Record<RecognizedAs['by'], string>> = {
  guid: 'ID',
  link: 'link',
  pair: 'link, on its feed and its webhook,',
  'link-and-title': 'link and title',
  'guid-and-title': 'ID and title',
  'page-and-title': 'page and title',
  'title-and-date': 'title and date',
  'text-and-date': 'text and date',
  'link-and-date': 'link and date',
  'title-and-text': 'title and text',
};

const isOtherLink = (link: string, row: EntryRow): boolean =>
  normalizeLink(link)?.link !== normalizeLink(row.link)?.link;

const isOtherTitle = (title: string, row: EntryRow): boolean =>
  normalizeTitle(title, null) !== normalizeTitle(row.title, null);

const othersOf = ({ title, link }: RecognizedAs, row: EntryRow): string[] => [
  ...(link !== null && isOtherLink(link, row) ? [`published under another link: ${link}`] : []),
  ...(title !== null && isOtherTitle(title, row) ? [`with another title: “${title}”`] : []),
];

/** Whether it is another name than the row's own: by its link or title, or from a webhook beside the feed. */
export const isOtherName = (recognized: RecognizedAs, row: EntryRow): boolean =>
  recognized.by === 'pair' || othersOf(recognized, row).length > 0;

/**
 * States which facts recognized an entry as this row's, and what changed: "same title and date as …, published under
 * another link".
 */
export const recognizedText = (recognized: RecognizedAs, row: EntryRow): string => {
  const named = row.title ?? row.link ?? row.key;
  return [`same ${factNames[recognized.by]} as “${named}”`, ...othersOf(recognized, row)].join(', ');
};
