import { atMost } from '../text/at-most.ts';
import { type DiffPart, wordDiff } from '../text/word-diff.ts';
import type { Entry } from './entry.ts';
import type { StoredEntry } from './stored-entry.ts';

/** A field of an article that changed. Texts are compared by words; addresses are replaced. */
export type FieldChange = {
  field: 'title' | 'summary' | 'text' | 'link' | 'picture' | 'video';
  parts: DiffPart[];
};

const texts = { title: 'title', summary: 'summary', content: 'text' } as const;

const addressesOf = ({ link, image, video }: Entry) => ({ link, picture: image, video: video?.url ?? null });

const whole = (before: string | null, after: string | null): DiffPart[] => [
  ...(before === null ? [] : [{ kind: 'removed' as const, text: before }]),
  ...(after === null ? [] : [{ kind: 'added' as const, text: after }]),
];

/** The fields in which two versions of an article differ, for people; see `wordDiff`. */
export const changedFields = (
  { entry: before }: StoredEntry,
  { entry: after }: StoredEntry,
): FieldChange[] => {
  const [old, now] = [addressesOf(before), addressesOf(after)];
  return [
    ...(Object.keys(texts) as (keyof typeof texts)[]).flatMap((name): FieldChange[] =>
      before[name] === after[name]
        ? []
        : [{ field: texts[name], parts: wordDiff(before[name] ?? '', after[name] ?? '') }],
    ),
    ...(Object.keys(old) as (keyof typeof old)[]).flatMap((field): FieldChange[] =>
      old[field] === now[field] ? [] : [{ field, parts: whole(old[field], now[field]) }],
    ),
  ];
};

const maxQuoted = 60;
const maxChanges = 2;
const maxLine = 300;

/** On one line and cut between characters. */
const bounded = (text: string, limit: number): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= limit ? line : `${atMost(line, limit)}…`;
};

const quoted = (text: string): string => `“${bounded(text, maxQuoted)}”`;

type Change = { removed: string; added: string };

const changesIn = (parts: readonly DiffPart[]): Change[] => {
  const changes: Change[] = [];
  parts.forEach(({ kind, text }, at) => {
    if (kind === 'same') return;
    const last = changes.at(-1);
    if (kind === 'added' && last && parts[at - 1]?.kind === 'removed') last.added = text;
    else changes.push({ removed: '', added: '', [kind]: text });
  });
  return changes.filter(({ removed, added }) => (removed + added).trim() !== '');
};

const changeText = ({ removed, added }: Change): string => {
  if (removed.trim() === '') return `added ${quoted(added)}`;
  return added.trim() === '' ? `removed ${quoted(removed)}` : `${quoted(removed)} → ${quoted(added)}`;
};

const fieldText = ({ field, parts }: FieldChange): string => {
  const changes = changesIn(parts);
  const more = changes.length - maxChanges;
  const shown = changes.slice(0, maxChanges).map(changeText).join(', ');
  return `${field}: ${shown}${more > 0 ? ` and ${more} more` : ''}`;
};

/** A difference on one line of about 300 characters: `title: “Friday” → “Monday”; text: added “…”`. */
export const differenceLine = (changes: readonly FieldChange[]): string =>
  bounded(changes.map(fieldText).join('; '), maxLine);
