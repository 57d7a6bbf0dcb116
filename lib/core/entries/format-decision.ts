import type { EntryRow } from '../ledger/row.ts';
import { heldFor } from './batch.ts';
import { type FeedMemory, type Lesson, lessonsLeft } from './memory/feed-memory.ts';
import { lessonText } from './memory/format-memory.ts';

const fixFirst = 'Fix the caption or post fields of its feed in feeds.yml, then release it.';

/** What a decision does, by why the entry is held. */
const decisions: Readonly<Record<string, string>> = {
  'entry.mass-reissue':
    'Release makes a draft of it. Either way, its title and text are known from now on, and it is not held again.',
  'entry.looks-like': 'Release makes a draft of it. Dismiss it if it is the edited entry.',
  'entry.old-news':
    'Release makes a draft of it. If the content system dates posts by when they were started, set max_age: none on the webhook.',
  'caption.empty': fixFirst,
  'caption.failed': fixFirst,
  'post.invalid': fixFirst,
  'post.no-date': fixFirst,
  'post.not-as-configured': 'Set publish in feeds.yml before you release it, or dismiss it.',
  'feed.removed': 'Put its feed back into feeds.yml before you release it, or dismiss it.',
};

/** What a release teaches a feed. */
export const teachingText = (feed: string, lesson: Lesson): string =>
  `After a release, ${lessonText(lesson, feed)} from then on.`;

/** What a release has taught a feed. */
export const learnedText = (feed: string, lesson: Lesson): string =>
  `From now on, ${lessonText(lesson, feed)}.`;

/** What a decision about a held row does, and what its release teaches; empty for a row that is not held. */
export const decisionTexts = (row: EntryRow, memory: FeedMemory | null): string[] => {
  const code = heldFor(row);
  if (code === null) return [];
  const lessons = lessonsLeft(memory, row.lesson === null ? [] : [row.lesson]);
  return [
    decisions[code] ?? 'Release makes a draft of it.',
    ...lessons.map((lesson) => teachingText(row.feed, lesson)),
  ];
};
