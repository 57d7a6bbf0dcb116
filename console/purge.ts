import * as v from 'valibot';
import { titleOf } from '../lib/core/entries/title-of.ts';
import { permanent } from '../lib/core/errors.ts';
import type { EntryRow } from '../lib/core/ledger/row.ts';
import { afterPurge, purgedDraftTexts } from '../lib/core/operator/purge-text.ts';
import { purgeEntry } from '../lib/jobs/operator/purge-entries.ts';
import { entryOf, outcomeOfPurge } from '../lib/jobs/operator/record-activity.ts';
import { type Action, back, record, rowAt } from './actions.ts';
import { entryPath, within } from './address.ts';
import { type ConsoleContext, readFrame } from './context.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import { foreign, hidden } from './pieces.ts';
import { type ConsoleResponse, page } from './response.ts';

const shownJson = (value: unknown): Html => html`<pre tabindex="0">${JSON.stringify(value, null, 2)}</pre>`;

/** What is stored about an entry, as it is stored. For operators. Throws permanent `entry.unknown`. */
export const rawRow = async (context: ConsoleContext, key: string): Promise<ConsoleResponse> => {
  const [frame, row] = await Promise.all([readFrame(context), rowAt(context, key)]);
  const stored = row.storedAs === null ? null : await context.target.ledger.storedEntry(row.storedAs);
  const title = `Stored: ${titleOf(row)}`;
  const body = html`<h1>Stored: ${foreign(titleOf(row))}</h1>
<p><a href="${entryPath(key)}">Back to the entry</a></p>
<section aria-labelledby="row-title"><h2 id="row-title">Row in the ledger</h2>${shownJson(row)}</section>
<section aria-labelledby="stored-title"><h2 id="stored-title">Stored entry</h2>${stored === null ? html`<p class="quiet">The entry is no longer stored, so its post cannot be rendered again.</p>` : shownJson(stored.entry)}</section>`;
  return page(layout(context, frame, { title, here: 'entries', body }));
};

/** What only operators see on an entry's page: its row, and a button that deletes it, after its consequences. */
export const operatorView = (row: EntryRow, id: string, token: string): Html => {
  const consequences = [afterPurge, ...purgedDraftTexts([row])];
  return html`<section aria-labelledby="operator-title"><h2 id="operator-title">For operators</h2>
<p><a class="action" href="${within('/row', { key: row.key })}">See what is stored</a></p>
<details class="sure" id="${id}-purge"><summary>Delete what is stored…</summary>
<form method="post" action="/purge" class="careful">${hidden({ token, key: row.key })}
${consequences.map((text) => html`<p>${text}</p>`)}<p>This cannot be undone.</p>
<button id="${id}-purge-now" class="dismiss">Delete this entry<span class="unseen"> (${titleOf(row)})</span></button></form></details></section>`;
};

const PurgeForm = v.object({ key: v.pipe(v.string(), v.minLength(1), v.maxLength(2_000)) });

/** Deletes what is stored about an entry; one that is being sent stays. */
export const purge: Action = async (context, form) => {
  const parsed = v.safeParse(PurgeForm, Object.fromEntries(form));
  if (!parsed.success)
    throw permanent('console.bad-form', `That form cannot be read: ${parsed.issues[0].message}.`);
  const row = await rowAt(context, parsed.output.key);
  const { target } = context;
  const { done } = await record(
    context,
    { kind: 'purge', ...entryOf(row) },
    {
      work: () => purgeEntry({ ...target, config: target.config() }, row),
      outcomeOf: (purged) => outcomeOfPurge(purged, null),
    },
  );
  if (done.stay.length > 0)
    return back(context, entryPath(row.key), {
      words: 'It is being sent now and was not deleted. Try again in two minutes.',
      bad: true,
    });
  return back(context, '/entries', { words: `“${titleOf(row)}” is deleted. ${afterPurge}`, bad: false });
};
