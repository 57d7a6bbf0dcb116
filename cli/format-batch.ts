import { teachingText } from '../lib/core/entries/format-decision.ts';
import type { Lesson } from '../lib/core/entries/memory/feed-memory.ts';
import type { OpenBatch } from '../lib/core/entries/open-batches.ts';
import { toType, type Where } from '../lib/core/operator/cli-hints.ts';
import { countText } from '../lib/core/operator/count-text.ts';
import { plain } from '../local/plain-text.ts';
import type { Page } from './page.ts';

const entries = ({ rows, hasMore }: Pick<OpenBatch, 'rows' | 'hasMore'>): string =>
  `${countText(rows.length, hasMore)} ${rows.length === 1 && !hasMore ? 'entry' : 'entries'}`;

/** Why a batch is held; several reasons with the number of their entries. */
const reasonsText = ({ reasons }: Pick<OpenBatch, 'reasons'>): string =>
  reasons.map(({ text, count }) => (reasons.length === 1 ? text : `${text} (${count})`)).join(' ');

/** An open batch: how many entries, since when, why, what a release teaches, and the commands. */
export const batchLines = (
  page: Page,
  { id, feed, since, reasons, rows, hasMore }: OpenBatch,
  { where, lessons }: { where: Where; lessons: readonly Lesson[] },
): string[] => [
  page.paint(
    'yellow',
    plain(
      `Batch ${id}: ${entries({ rows, hasMore })} of ${feed} held since ${page.time(since)}. ${reasonsText({ reasons })}`,
    ),
  ),
  ...lessons.map((lesson) => `  ${teachingText(feed, lesson)}`),
  ...['list', 'release', 'dismiss'].map((verb) => `  ${toType(`${verb} --batch ${id}`, where)}`),
];

/** The same for a program. */
export const batchJson = ({ id, feed, since, reasons, rows }: OpenBatch, lessons: readonly Lesson[]) => ({
  id,
  feed,
  since: new Date(since).toISOString(),
  entries: rows.length,
  why: reasons,
  teaches: lessons.map((lesson) => teachingText(feed, lesson)),
});
