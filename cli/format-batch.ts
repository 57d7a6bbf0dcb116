import { tellTeaching } from '../lib/core/entries/decision-words.ts';
import type { Lesson } from '../lib/core/entries/memory/feed-memory.ts';
import type { OpenBatch } from '../lib/core/entries/open-batches.ts';
import { toType, type Where } from '../lib/core/operator/cli-hints.ts';
import { plain } from '../local/plain-text.ts';
import type { Page } from './page.ts';

const entries = (count: number): string => `${count} ${count === 1 ? 'entry' : 'entries'}`;

/** Why a batch is held: each reason, with how many entries where there are several. */
const reasonWords = ({ reasons }: Pick<OpenBatch, 'reasons'>): string =>
  reasons.map(({ words, count }) => (reasons.length === 1 ? words : `${words}: ${count}`)).join('; ');

/** An open batch: what, how many, since when, why, what a release teaches, and what to type. */
export const batchLines = (
  page: Page,
  { id, feed, since, reasons, rows }: OpenBatch,
  { where, lessons }: { where: Where; lessons: readonly Lesson[] },
): string[] => [
  page.paint(
    'yellow',
    plain(
      `${id}: ${entries(rows.length)} of ${feed} held together since ${page.time(since)}. ${reasonWords({ reasons })}`,
    ),
  ),
  ...lessons.map((lesson) => `  ${tellTeaching(feed, lesson)}`),
  ...['list', 'release', 'dismiss'].map((verb) => `  ${toType(`${verb} --batch ${id}`, where)}`),
];

/** The same for a program. */
export const batchJson = ({ id, feed, since, reasons, rows }: OpenBatch, lessons: readonly Lesson[]) => ({
  id,
  feed,
  since: new Date(since).toISOString(),
  entries: rows.length,
  why: reasons,
  teaches: lessons.map((lesson) => tellTeaching(feed, lesson)),
});
