import { Command } from 'commander';
import { titleOf } from '../lib/core/entries/title-of.ts';
import type { EntryRow } from '../lib/core/ledger/row.ts';
import { findEntries } from '../lib/jobs/operator/find-entries.ts';
import { keepDraft } from '../lib/jobs/operator/keep-draft.ts';
import { plain } from '../local/plain-text.ts';
import { entryJson } from './format-entry.ts';
import { act, type Cli, examples, personOf } from './verb.ts';

/** `keep-draft`: leaves drafts as they are although their articles changed. */
export const keepDraftCommand = (cli: Cli): Command =>
  new Command('keep-draft')
    .description('leave the draft of an entry as it is although its article changed')
    .argument('<entry...>', 'keys, guids or links of entries, or IDs of drafts')
    .addHelpText('after', examples('keep-draft entry-Qm9…', 'keep-draft 1004 1005'))
    .action(
      act(cli, async ({ args, target, terminal, progress }) => {
        const opened = await target();
        const services = { ...opened, config: opened.config(), clock: terminal.clock };
        const rows = await progress('reading the ledger', () => findEntries(services, { names: args }));
        const kept: EntryRow[] = [];
        for (const { key } of rows) kept.push(await keepDraft(services, key, { by: personOf(terminal) }));
        return {
          json: { entries: kept.map(entryJson) },
          lines: () => kept.map((row) => `The draft of “${plain(titleOf(row))}” stays as it is.`),
        };
      }),
    );
