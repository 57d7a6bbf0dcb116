import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Report } from './bench.ts';
import { columns, type Replayed, readHistory, replay, type Suspect } from './support/real-history.ts';

const flag = '--suspects';

const filesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort();

const told = ({ poll, kind, entry, as }: Suspect): string => {
  const facts = (one: typeof entry) =>
    JSON.stringify([
      one.guid,
      one.link,
      one.title,
      one.date && new Date(one.date).toISOString(),
      one.text.slice(0, 13),
    ]);
  return `  poll ${poll}: ${kind} ${facts(entry)}${as ? ` AS ${facts(as)}` : ''}`;
};

const replayAll = async (folder: string, names: readonly string[], tells: boolean): Promise<Report> => {
  const rows: (string | number)[][] = [];
  const total = new Map<string, number>();
  const notes: string[] = [];
  for (const file of filesIn(folder)) {
    const history = readHistory(join(folder, file));
    if (names.length > 0 && !names.includes(history.id)) continue;
    const { tally, suspects, broken }: Replayed = await replay(history);
    rows.push([history.id, history.versions.length, ...columns.map((column) => tally[column])]);
    for (const column of columns) total.set(column, (total.get(column) ?? 0) + tally[column]);
    if (tells && suspects.length > 0) notes.push([`${history.id}:`, ...suspects.map(told)].join('\n'));
    notes.push(...broken.slice(0, 3).map((promise) => `${history.id} broke a promise: ${promise}`));
  }
  rows.push(['all', '', ...columns.map((column) => total.get(column) ?? 0)]);
  return {
    tables: [{ title: 'After the first poll', head: ['history', 'polls', ...columns], rows }],
    notes,
  };
};

export const bench: Bench = {
  question: 'What happens to the entries of real feeds over the years?',
  how: `Histories of feeds, kept as JSON in a folder of their own, poll by poll through our jobs: \`npm run bench -- replay FOLDER [HISTORY…] [${flag}]\`, or FOLDER in HISTORIES.`,
  limits:
    'The histories are not part of this project. Suspects are counted by likeness alone: chapters of a serial share title and blurb, and are right to be drafted.',
  run: async (args) => {
    const [folder = process.env.HISTORIES ?? '', ...names] = args.filter((arg) => arg !== flag);
    if (existsSync(folder)) return replayAll(folder, names, args.includes(flag));
    return {
      tables: [],
      notes: [`Skipped: there is no folder of histories${folder ? ` at ${folder}` : ''}.`],
    };
  },
};
