import { batchOfAlert } from './alert.ts';
import type { AlertRow } from './alert-row.ts';

const withQuery = (path: string, query: Record<string, string>): string =>
  `${path}?${new URLSearchParams(query)}`;

const feedPage = ({ subject }: AlertRow): string => `/feeds/${encodeURIComponent(subject)}`;
const entryPage = ({ entryKey, subject }: AlertRow): string =>
  entryKey === null ? withQuery('/entries', { feed: subject }) : withQuery('/entry', { key: entryKey });
const entriesPage =
  (state: string) =>
  ({ subject }: AlertRow): string =>
    withQuery('/entries', { feed: subject, state });

/** The page of the console that shows what an alert is about, and has the buttons for it. */
const pages: Partial<Record<AlertRow['kind'], (row: AlertRow) => string>> = {
  'feed-failing': feedPage,
  'possible-gap': feedPage,
  'outcome-unknown': entriesPage('uncertain'),
  'possible-duplicates': entriesPage('duplicates'),
  'entries-held': (row) => (row.count === 1 ? entryPage(row) : entriesPage('held')(row)),
  'article-changed': (row) => (row.count === 1 ? entryPage(row) : entriesPage('changed')(row)),
  'entries-to-review': () => withQuery('/entries', { state: 'review' }),
  'batch-held': ({ id }) => withQuery('/entries', { batch: batchOfAlert(id) }),
  'not-as-configured': entryPage,
  'draft-made': entryPage,
};

/** Path and query of an alert's page; the inbox for what concerns everything. */
export const pageOfAlert = (row: AlertRow): string => pages[row.kind]?.(row) ?? '/';
