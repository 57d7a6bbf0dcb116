import type { EntryRow } from '../ledger/row.ts';
import { heldFor } from './batch.ts';
import { type FeedMemory, lessonsLeft } from './memory/feed-memory.ts';
import { tellLesson } from './memory/memory-words.ts';

const fixFirst = 'fix the caption or post fields of its feed in feeds.yml, then release it';

/** The effect of each decision, by the reason why the entry is held. */
const decisions: Readonly<Record<string, string>> = {
  'entry.mass-reissue':
    'release makes a draft of it; either way it is known by title and text from now on and is not held again',
  'entry.looks-like': 'release makes a draft of it; dismiss it if it is the edited entry',
  'entry.old-news':
    'release makes a draft of it; if its content system dates posts by when they were begun, set max_age: none on the webhook',
  'caption.empty': fixFirst,
  'caption.failed': fixFirst,
  'post.invalid': fixFirst,
  'post.no-date': fixFirst,
  'post.not-as-configured': 'set publish in feeds.yml before you release it, or dismiss it',
  'feed.removed': 'put its feed back into feeds.yml before you release it, or dismiss it',
};

/** What a release teaches a feed, as a sentence. */
export const tellTeaching = (feed: string, lesson: Parameters<typeof tellLesson>[0]): string =>
  `a release teaches ${feed}: from then on, ${tellLesson(lesson)}`;

/** The effect of each decision on a held row, and what its release teaches; empty if it is not held. */
export const tellDecision = (row: EntryRow, memory: FeedMemory | null): string[] => {
  const code = heldFor(row);
  if (code === null) return [];
  const lessons = lessonsLeft(memory, row.lesson === null ? [] : [row.lesson]);
  return [
    decisions[code] ?? 'release makes a draft of it',
    ...lessons.map((lesson) => tellTeaching(row.feed, lesson)),
  ];
};
