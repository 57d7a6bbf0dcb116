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

/**
 * States which facts recognized an entry as this row's, and what changed: "same title and date as …, published under
 * another link".
 */
export const recognizedText = ({ by, title, link }: RecognizedAs, row: EntryRow): string => {
  const others = [
    ...(link !== null && isOtherLink(link, row) ? [`published under another link: ${link}`] : []),
    ...(title !== null && isOtherTitle(title, row) ? [`with another title: “${title}”`] : []),
  ];
  const named = row.title ?? row.link ?? row.key;
  return [`same ${factNames[by]} as “${named}”`, ...others].join(', ');
};
