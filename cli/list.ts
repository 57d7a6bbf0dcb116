import { Command, Option } from 'commander';
import { heldInBatch } from '../lib/core/entries/batch.ts';
import { draftIds, isPossibleDuplicate } from '../lib/core/entries/identity/possible-duplicate.ts';
import { openBatches } from '../lib/core/entries/open-batches.ts';
import { titleOf } from '../lib/core/entries/title-of.ts';
import { hasOpenChange } from '../lib/core/ledger/later-version.ts';
import { type EntryRow, type State, states } from '../lib/core/ledger/row.ts';
import { briefReason } from '../lib/core/operator/explain.ts';
import type { Ledger } from '../lib/core/ports.ts';
import { findEntries, findListed, type Group } from '../lib/jobs/operator/find-entries.ts';
import { readListed } from '../lib/jobs/operator/list-entries.ts';
import { withLessons } from '../lib/jobs/operator/move-entries.ts';
import { batchJson, batchLines } from './format-batch.ts';
import { entryJson, rowStateCell } from './format-entry.ts';
import type { Page } from './page.ts';
import { count } from './parse-number.ts';
import { act, type Cli, examples, feedNamed } from './verb.ts';

type Options = {
  state?: State[];
  feed?: string;
  batch?: string;
  limit: number;
  possibleDuplicates?: boolean;
  changed?: boolean;
};

/** `list`: entries of the ledger, by state and feed, newest first. */
export const listCommand = (cli: Cli): Command =>
  new Command('list')
    .description('list entries, newest first')
    .addOption(new Option('--state <state...>', 'only these states').choices(states))
    .option('--feed <id>', 'only this feed')
    .option('--batch <id>', 'only entries held in this batch')
    .option('--possible-duplicates', 'only entries that may have two drafts')
    .option('--changed', 'only entries whose article changed after the draft, and that need a decision')
    .addOption(new Option('--limit <n>', 'maximum number of entries').default(50).argParser(count))
    .addHelpText(
      'after',
      examples(
        'list',
        'list --state held uncertain',
        'list --batch newsroom.12',
        'list --feed newsroom --json',
      ),
    )
    .action(
      act<Options>(cli, async ({ options, target, progress, terminal }) => {
        const { state, feed, batch, limit } = options;
        const { config, ledger, feedStore, where } = await target();
        const choice = {
          ...(feed !== undefined && { feed }),
          ...(batch !== undefined && { batch }),
          ...(state && { states: state }),
        };
        const isByContent = batch !== undefined || options.possibleDuplicates || options.changed;
        const { total, shown, held } = await progress('reading the ledger', () =>
          isByContent ? readWhole(ledger, choice, options) : readLatest(ledger, choice, limit),
        );
        if (total === 0 && feed !== undefined) feedNamed(config().feeds, feed);
        const batches = await withLessons(feedStore, openBatches(held));
        return {
          json: {
            total,
            entries: shown.map(entryJson),
            batches: batches.map((one) => batchJson(one, one.lessons)),
          },
          lines: (page) => [
            ...linesOf(page, shown, total, options.possibleDuplicates ?? false),
            ...(terminal.columns === null
              ? []
              : batches.flatMap((one) => batchLines(page, one, { where, lessons: one.lessons }))),
          ],
        };
      }),
    );

/** The number of entries, the latest of them, and those that are held. */
type Listed = { total: number; shown: EntryRow[]; held: EntryRow[] };

/** For filters that need whole rows. */
const readWhole = async (ledger: Ledger, choice: Group, options: Options): Promise<Listed> => {
  const found = await findEntries({ config: { feeds: [], webhooks: [] }, ledger }, choice);
  const rows = found
    .filter((row) => !options.possibleDuplicates || isPossibleDuplicate(row))
    .filter((row) => !options.changed || hasOpenChange(row));
  const shown = batchesTogether(rows.toReversed(), heldInBatch).slice(0, options.limit);
  return { total: rows.length, shown, held: rows };
};

/** Of the other entries, only the shown ones are read whole. */
const readLatest = async (ledger: Ledger, group: Group, limit: number): Promise<Listed> => {
  const listed = (await findListed(ledger, group)).reverse();
  const held = await readListed(
    ledger,
    listed.filter(({ state }) => state === 'held'),
  );
  const whole = new Map(held.map((row) => [row.key, row]));
  const batchOf = ({ key }: { key: string }) => {
    const row = whole.get(key);
    return row ? heldInBatch(row) : null;
  };
  const latest = batchesTogether(listed, batchOf).slice(0, limit);
  const shown = await Promise.all(latest.map(({ key }) => whole.get(key) ?? ledger.read(key)));
  return { total: listed.length, shown: shown.flatMap((row) => (row?.type === 'entry' ? row : [])), held };
};

/** In order, but entries held in one batch follow the first of it. */
const batchesTogether = <Row>(rows: Row[], batchOf: (row: Row) => string | null): Row[] =>
  [...Map.groupBy(rows, (row) => batchOf(row) ?? row).values()].flat();

const linesOf = (page: Page, rows: EntryRow[], total: number, withIds: boolean): string[] => {
  const cells = rows.map((row) => [
    rowStateCell(row),
    row.feed,
    page.time(row.seenAt),
    row.key,
    briefReason(row),
    ...(withIds ? [draftIds(row).join(', ') || 'unknown'] : []),
    titleOf(row),
  ]);
  const head = [
    'state',
    'feed',
    'first seen',
    'key',
    'reason',
    ...(withIds ? ['known drafts'] : []),
    'title',
  ];
  const table = page.table(head, cells);
  if (total === 0) return ['No entries.'];
  return total > rows.length
    ? [...table, page.paint('dim', `Showing ${rows.length} of ${total}. See more with --limit.`)]
    : table;
};
