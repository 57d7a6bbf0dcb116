import type { EntryRow } from '../ledger/row.ts';

/** The title of an entry, or what comes closest. */
export const titleOf = ({
  title,
  link,
  post = null,
}: Pick<EntryRow, 'title' | 'link'> & Partial<Pick<EntryRow, 'post'>>): string =>
  title ?? post?.text?.split('\n', 1)[0] ?? link ?? '(no title)';
