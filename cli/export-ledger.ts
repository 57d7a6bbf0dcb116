import { Command, Option } from 'commander';
import { type EntryRow, type State, states } from '../lib/core/ledger/row.ts';
import type { Ledger } from '../lib/core/ports.ts';
import { jsonLine } from '../local/plain-text.ts';
import { csvLine } from './csv.ts';
import { entryJson } from './format-entry.ts';
import type { Tick } from './progress.ts';
import { act, type Cli, examples, feedNamed } from './verb.ts';

type Format = 'csv' | 'jsonl';
type Options = { format: Format; feed?: string; state?: State[] };

const iso = (at: number) => new Date(at).toISOString();

/** The fields of a row that have a meaning outside the ledger. */
const exported = (row: EntryRow) => ({
  ...entryJson(row),
  dueAt: row.state === 'queued' ? iso(row.dueAt) : null,
  attempts: row.attempts,
  alsoPosted: row.alsoPosted,
  errors: row.errors,
  post: row.post,
  history: row.history.map((moment) => ({ ...moment, at: iso(moment.at) })),
});
type Exported = ReturnType<typeof exported>;

const columns = [
  'key',
  'state',
  'feed',
  'brand',
  'title',
  'link',
  'published',
  'seenAt',
  'why',
  'detail',
  'dueAt',
  'attempts',
  'postId',
  'mayBeTwice',
  'text',
] as const satisfies (keyof Exported)[];

const formats: Record<Format, { head: string; line: (row: Exported) => string }> = {
  csv: {
    head: `${columns.join(',')}\r\n`,
    line: (row) => `${csvLine(columns.map((name) => row[name]))}\r\n`,
  },
  jsonl: { head: '', line: (row) => `${jsonLine(row)}\n` },
};

const isWanted = ({ feed, state }: Options) => {
  const wanted = state && new Set(state);
  return (row: EntryRow) =>
    (feed === undefined || row.feed === feed) && (wanted === undefined || wanted.has(row.state));
};

const readRows = async (
  ledger: Pick<Ledger, 'all'>,
  options: Options,
  { take, tick }: { take: (row: Exported) => void; tick: Tick },
): Promise<number> => {
  const wanted = isWanted(options);
  let count = 0;
  for await (const row of ledger.all()) {
    if (!wanted(row)) continue;
    take(exported(row));
    count += 1;
    tick(`${count} entries`);
  }
  return count;
};

/** `export ledger`: every entry of the ledger, for a spreadsheet or a program. */
export const exportLedger = (cli: Cli): Command =>
  new Command('ledger')
    .description('print the entries of the ledger as CSV or JSON Lines, in no particular order')
    .addOption(
      new Option('--format <format>', 'format of the output').choices(['csv', 'jsonl']).default('csv'),
    )
    .option('--feed <id>', 'only this feed')
    .addOption(new Option('--state <state...>', 'only these states').choices(states))
    .addHelpText(
      'after',
      examples(
        'export ledger > ledger.csv',
        'export ledger --format jsonl --feed newsroom',
        'export ledger --stage prod --state drafted --json',
      ),
    )
    .action(
      act<Options>(cli, async ({ options, target, progress, terminal }) => {
        const { ledger, config } = await target();
        const { head, line } = formats[options.format];
        const entries: Exported[] = [];
        const take = options.json
          ? (row: Exported) => void entries.push(row)
          : (row: Exported) => terminal.write(line(row));
        if (!options.json) terminal.write(head);
        const count = await progress('reading the ledger', (tick) =>
          readRows(ledger, options, { take, tick }),
        );
        if (count === 0 && options.feed !== undefined) feedNamed(config().feeds, options.feed);
        return { json: { entries }, lines: () => [] };
      }),
    );
