import { Command } from 'commander';
import { titleOf } from '../lib/core/entries/title-of.ts';
import type { EntryRow } from '../lib/core/ledger/row.ts';
import { readEdits, readTime, type WrittenEdits } from '../lib/core/operator/read-edits.ts';
import { editEntry, ownerOf, snoozeEntry } from '../lib/jobs/operator/edit-entry.ts';
import { findEntries } from '../lib/jobs/operator/find-entries.ts';
import { undoMoves } from '../lib/jobs/operator/move-entries.ts';
import {
  entryOf,
  outcomeOfMoves,
  outcomeOfOne,
  recordActivity,
} from '../lib/jobs/operator/record-activity.ts';
import { entryJson } from './format-entry.ts';
import { postLines } from './format-post.ts';
import { graceOf, resultOfMoves } from './move.ts';
import type { Page } from './page.ts';
import { act, type Cli, examples, personOf, type Result, type VerbInput, wrongUsage } from './verb.ts';

type EditOptions = { text?: string; thumbnail?: string; media?: string; at?: string; reset?: boolean };

/** `edit ENTRY`: sets fields of a post that has not been sent. */
export const editCommand = (cli: Cli): Command =>
  new Command('edit')
    .description('change the post of an entry that has not been sent')
    .argument('<entry>', 'key, guid or link of the entry')
    .option('--text <caption>', 'the caption')
    .option('--thumbnail <url>', 'one of the entry’s pictures, or none')
    .option('--media <id>', 'ID of the video in the Library of Dash Social, or none')
    .option('--at <time>', 'its time in the calendar, such as "2026-12-01 09:00" or 2h, or none')
    .option('--reset', 'restore all of these from the template')
    .addHelpText(
      'after',
      `
Allowed for entries that are in review, held, queued or rejected, or that have an unknown outcome. Their template no
longer changes what you edit. Times without a zone are in the time zone of the feed.
${examples('edit entry-Qm9… --text "A bridge for everyone"', 'edit entry-Qm9… --at "2026-12-01 09:00"', 'edit entry-Qm9… --reset')}`,
    )
    .action(act<EditOptions>(cli, runEdit));

const oneEntry = async ({ args, target, terminal, progress }: VerbInput<unknown>) => {
  const opened = await target();
  const services = { ...opened, config: opened.config(), clock: terminal.clock };
  const rows = await progress('reading the ledger', () => findEntries(services, { names: args.slice(0, 1) }));
  const [row, ...others] = rows;
  if (!row || others.length > 0)
    throw wrongUsage(
      'one-entry',
      `This is for one entry, but ${args[0]} matches ${rows.length}. Use one of these keys: ${rows.map(({ key }) => key).join(', ')}.`,
    );
  const timezone = ownerOf(services.config, row)?.timezone ?? services.config.timezone;
  return { services, row, zone: { timezone, now: terminal.clock() } };
};

const runEdit = async (call: VerbInput<EditOptions>): Promise<Result> => {
  const { text, thumbnail, media, at: time, reset = false } = call.options;
  const written: WrittenEdits = { text, thumbnail, media, time };
  const isEmpty = Object.values(written).every((one) => one === undefined);
  if (reset !== isEmpty)
    throw wrongUsage('one-edit', 'Use --text, --thumbnail, --media or --at, or --reset alone.');
  const { services, row, zone } = await oneEntry(call);
  const asked = { by: personOf(call.terminal), undoMs: graceOf(call) };
  const edit = reset ? { ...asked, reset } : { ...asked, fields: readEdits(written, zone) };
  const { done: edited } = await recordActivity(
    services,
    { by: asked.by, kind: reset ? 'reset' : 'edit', ...entryOf(row) },
    { work: () => editEntry(services, row.key, edit), outcomeOf: (one) => outcomeOfOne(entryOf(one)) },
  );
  return { json: editedJson(edited), lines: (page) => editedLines(page, edited) };
};

const editedJson = (row: EntryRow) => ({
  ...entryJson(row),
  post: row.post,
  edited: row.edited && { ...row.edited, at: new Date(row.edited.at).toISOString() },
});

const editedLines = (page: Page, row: EntryRow): string[] => [
  row.edited === null ? `Reset to the template: ${titleOf(row)}` : `Edited: ${titleOf(row)}`,
  ...(row.post === null ? [] : postLines(page, row.post)),
];

/** `snooze ENTRY --until TIME`: sets the time before which an entry is not sent. */
export const snoozeCommand = (cli: Cli): Command =>
  new Command('snooze')
    .description('send an entry no earlier than a given time, and hide it from review until then')
    .argument('<entry>', 'key, guid or link of the entry')
    .requiredOption('--until <time>', 'such as "2026-12-01 09:00", 2h, or now to end it')
    .addHelpText(
      'after',
      `
Allowed for entries that are in review, held or queued.
${examples('snooze entry-Qm9… --until 2d', 'snooze entry-Qm9… --until "2026-12-01 09:00"')}`,
    )
    .action(
      act<{ until: string }>(cli, async (call) => {
        const { services, row, zone } = await oneEntry(call);
        const until = readTime('--until', call.options.until, zone);
        const by = personOf(call.terminal);
        const { done: snoozed } = await recordActivity(
          services,
          { by, kind: 'snooze', ...entryOf(row) },
          {
            work: () => snoozeEntry(services, row.key, { until, by }),
            outcomeOf: (one) => outcomeOfOne(entryOf(one)),
          },
        );
        return {
          json: { ...entryJson(snoozed), dueAt: new Date(snoozed.dueAt).toISOString() },
          lines: (page) => [`Not sent before ${page.time(snoozed.dueAt)}: ${titleOf(snoozed)}`],
        };
      }),
    );

/** `undo ENTRY`: puts an entry back to what it was before the last decision. */
export const undoCommand = (cli: Cli): Command =>
  new Command('undo')
    .description('undo the last decision about an entry or the last edit, if it has not been sent since')
    .argument('<entry...>', 'keys, guids or links of entries')
    .addHelpText(
      'after',
      `
Undoes approve, release, retry, dismiss, edit and snooze. On a terminal, these wait 10 seconds before anything is sent.
${examples('undo entry-Qm9…')}`,
    )
    .action(
      act(cli, async ({ args, target, progress, terminal }) => {
        const opened = await target();
        const services = { ...opened, config: opened.config(), clock: terminal.clock };
        const rows = await progress('reading the ledger', () => findEntries(services, { names: args }));
        const by = personOf(terminal);
        const { done: undone } = await recordActivity(
          services,
          { by, kind: 'undo' },
          { work: () => undoMoves(services, rows, { by }), outcomeOf: outcomeOfMoves },
        );
        return resultOfMoves('undo', undone, { dryRun: false, lessons: [] });
      }),
    );
