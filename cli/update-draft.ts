import { Command } from 'commander';
import { titleOf } from '../lib/core/entries/title-of.ts';
import type { EntryRow } from '../lib/core/ledger/row.ts';
import { findEntries } from '../lib/jobs/operator/find-entries.ts';
import { readChange } from '../lib/jobs/operator/read-change.ts';
import { requestUpdate } from '../lib/jobs/operator/request-update.ts';
import { plain } from '../local/plain-text.ts';
import { confirmed } from './confirm.ts';
import { entryJson } from './format-entry.ts';
import { act, type Cli, examples, personOf } from './verb.ts';

type Options = { unchecked?: boolean; yes?: boolean };

const about = `
The draft is changed only where it still has the text that was sent, and only while it is a draft. If Dash Social does
not show it, or shows another text, it stays as it is, and explain shows why. --unchecked replaces the text then, too.
`;

/** `update-draft`: changes the draft of an article that changed. */
export const updateDraftCommand = (cli: Cli): Command =>
  new Command('update-draft')
    .description('change the draft of an entry whose article changed')
    .argument('<entry>', 'key, guid or link of the entry, or ID of its draft')
    .option(
      '--unchecked',
      'even if Dash Social does not show the present text of the draft, or your team edited it',
    )
    .option('--yes', 'do it without asking')
    .addHelpText('after', `${about}${examples('update-draft entry-Qm9…', 'update-draft 1004 --yes')}`)
    .action(
      act<Options>(cli, async (call) => {
        const { args, options, target, terminal, progress } = call;
        const opened = await target();
        const services = { ...opened, config: opened.config(), clock: terminal.clock };
        const names = args.slice(0, 1);
        const rows = await progress('reading the ledger', () => findEntries(services, { names }));
        const asked: EntryRow[] = [];
        for (const row of rows) {
          const title = plain(titleOf(row));
          const lines = await linesOf(services, row);
          const summary = `The draft of “${title}” would be changed`;
          if (!(await confirmed(call, { lines, question: `Change the draft of “${title}”?`, summary })))
            continue;
          const request = { by: personOf(terminal), unchecked: options.unchecked === true };
          asked.push(await requestUpdate(services, row.key, request));
        }
        return {
          json: { entries: asked.map(entryJson) },
          lines: () =>
            asked.length === 0
              ? ['Nothing was changed.']
              : asked.map(
                  (row) =>
                    `The draft of “${plain(titleOf(row))}” is being changed; explain shows the result.`,
                ),
        };
      }),
    );

/** Each field as it was sent, and as it would be now. */
const linesOf = async (services: Parameters<typeof readChange>[0], row: EntryRow): Promise<string[]> =>
  ((await readChange(services, row))?.draft ?? []).flatMap(({ field, sent, now }) => [
    `${field} that was sent: ${plain(sent ?? '–')}`,
    `${field} now: ${plain(now ?? '–')}`,
  ]);
