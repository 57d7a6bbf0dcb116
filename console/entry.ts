import type { Target } from '../cli/target.ts';
import { heldInBatch } from '../lib/core/entries/batch.ts';
import { decisionTexts } from '../lib/core/entries/format-decision.ts';
import { isOtherName, recognizedText } from '../lib/core/entries/identity/format-recognized.ts';
import type { FeedMemory } from '../lib/core/entries/memory/feed-memory.ts';
import { type OpenBatch, openBatches } from '../lib/core/entries/open-batches.ts';
import { titleOf } from '../lib/core/entries/title-of.ts';
import { permanent } from '../lib/core/errors.ts';
import type { EntryRow, RecognizedAs } from '../lib/core/ledger/row.ts';
import { toType, type Where } from '../lib/core/operator/cli-hints.ts';
import { mayEdit } from '../lib/core/operator/edit.ts';
import { captionSource, stateText } from '../lib/core/operator/explain.ts';
import { tooOldText } from '../lib/core/operator/too-old.ts';
import { undoneUntil } from '../lib/core/operator/undo.ts';
import { waitOf } from '../lib/core/operator/waiting.ts';
import { postBody } from '../lib/core/posts/post-body.ts';
import { postNotes } from '../lib/core/posts/post-notes.ts';
import type { TikTokPost } from '../lib/core/posts/tiktok-post.ts';
import { linksIn, tiktokRules } from '../lib/core/posts/tiktok-rules.ts';
import { postBeforeHook, postToSend } from '../lib/jobs/draft/render-again.ts';
import { ownerOf, picturesOf } from '../lib/jobs/operator/edit-entry.ts';
import { type ArticleChange, readChange } from '../lib/jobs/operator/read-change.ts';
import { readUndecided } from '../lib/jobs/operator/read-health.ts';
import { away, entryPath } from './address.ts';
import { batchPath } from './batch-card.ts';
import { changeView } from './change-view.ts';
import { type ConsoleContext, type Frame, readFrame } from './context.ts';
import { editorView, undoView } from './editor.ts';
import { factsLine, historyView, idOf, moreView } from './entry-card.ts';
import { hookView } from './hook-view.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import { movesView } from './moves-view.ts';
import type { Notice } from './notices.ts';
import { chip, fact, foreign, moment, plural, sentSoon, withCode } from './pieces.ts';
import { notesView, phoneView, rulesView, thumbnailOf } from './post-view.ts';
import { operatorView } from './purge.ts';
import { type ConsoleResponse, page } from './response.ts';

/** The page of one entry. Throws permanent `entry.unknown`. */
export const entry = async (
  context: ConsoleContext,
  key: string,
  notice: Notice | null,
): Promise<ConsoleResponse> => {
  const { ledger } = context.target;
  const [frame, row] = await Promise.all([readFrame(context), ledger.read(key)]);
  if (row?.type !== 'entry')
    throw permanent(
      'entry.unknown',
      'The ledger has no such entry: it has expired, or the address is incomplete.',
    );
  const title = titleOf(row);
  const toSend = await postToSend({ ...context.target, config: frame.config, clock: context.clock }, row);
  const body = html`<h1 dir="auto">${title}</h1><div id="entry" data-live>${about(context, frame, { row: { ...row, post: toSend.post }, note: toSend.note, ...(await surroundingsOf(context, row)), beforeHook: await postBeforeHook({ ...context.target, config: frame.config, clock: context.clock }, row) })}</div>`;
  return page(layout(context, frame, { title, here: 'entries', body, notice, isLive: true }));
};

/** What is stored beside an entry: its batch, its feed's memory, and how others were recognized as it. */
type Surroundings = {
  batch: OpenBatch | null;
  memory: FeedMemory | null;
  recognized: RecognizedAs[];
  /** How its article changed after it was registered; null: it did not. */
  change: ArticleChange | null;
  /** The pictures that its thumbnail can be; null if its entry is no longer stored. */
  pictures: string[] | null;
};

const surroundingsOf = async ({ target, clock }: ConsoleContext, row: EntryRow): Promise<Surroundings> => {
  const { ledger, feedStore } = target;
  const id = heldInBatch(row);
  const [held, feed, pointers, stored, change] = await Promise.all([
    id === null ? [] : readUndecided(ledger, 'held'),
    row.state === 'held' ? feedStore.read(row.feed) : null,
    Promise.all(row.leading.map((key) => ledger.read(key))),
    mayEdit(row) && row.storedAs !== null ? ledger.storedEntry(row.storedAs) : null,
    readChange({ ...target, config: target.config(), clock }, row),
  ]);
  return {
    batch: openBatches(held).find((one) => one.id === id) ?? null,
    memory: feed?.memory ?? null,
    change,
    pictures: stored && picturesOf(stored),
    recognized: pointers.flatMap((one) =>
      one?.type === 'pointer' && one.owner === row.key && one.recognized ? [one.recognized] : [],
    ),
  };
};

/** An entry's page: its row with the post that is sent, or was sent, and a note on that post. */
type Shown = Surroundings & { row: EntryRow; note: string | null; beforeHook: TikTokPost | null };

/** The batch that holds it, and what a decision does and teaches. */
const decisionView = ({ row, batch, memory }: Shown): Html | null => {
  const decisions = decisionTexts(row, memory);
  if (decisions.length === 0) return null;
  const others = (batch?.rows.length ?? 1) - 1;
  return html`<section id="decision" aria-labelledby="decision-title"><h2 id="decision-title">Your decision</h2>
${batch && html`<p>Held in batch <a href="${batchPath(batch.id)}">${batch.id}</a>${others > 0 && ` with ${plural(others, 'other entry', 'other entries')}`}.</p>`}
${decisions.map((text) => html`<p>${foreign(text)}</p>`)}</section>`;
};

/** Recognized names that are listed; the rest is counted. */
const maxNames = 20;

/** Other IDs, links and titles under which it was recognized, and by which fact. */
const namesView = ({ recognized, row }: Shown): Html | null => {
  const others = recognized.filter((one) => isOtherName(one, row));
  const names = [...new Set(others.map((one) => recognizedText(one, row)))];
  const more = names.length - maxNames;
  return names.length === 0
    ? null
    : html`<section id="names" aria-labelledby="names-title"><h2 id="names-title">Also recognized as this entry</h2>
<ul class="lines">${names.slice(0, maxNames).map((words) => html`<li>${foreign(words)}</li>`)}</ul>${more > 0 && html`<p class="quiet">and ${more} more</p>`}</section>`;
};

const about = ({ token, target, visitor }: ConsoleContext, frame: Frame, shown: Shown): Html => {
  const { row, note } = shown;
  const { words, status } = frame;
  const id = idOf(row.key);
  const isOperator = (visitor?.role ?? 'operator') === 'operator';
  const tooOld = row.state === 'review' ? tooOldText(row, frame.config, status.at) : null;
  return html`<p class="lead">${chip(row.state)} ${stateText(row)}</p>
${waitView(frame, row, target)}
${factsLine(row, words)}
${moreView(row, Math.max(status.at, row.dueAt))}${note !== null && html`<p class="caution">${foreign(note)}</p>`}
${decisionView(shown)}
${changeView(shown.change, row, { token, words })}
${movesView(row, id, { token, back: entryPath(row.key), tooOld, editor: mayEdit(row) ? `${id}-edit` : null })}
${undoView(row, token, status.at)}
<div class="halves">
<section aria-labelledby="post-title"><h2 id="post-title">As TikTok would show it</h2>${phoneView(row.post, id, thumbnailOf(row))}</section>
${editorView({ row, id, token, pictures: shown.pictures, timezone: zoneOf(frame, row) }, frame)}
</div>
${row.post && html`<section aria-labelledby="rules-title"><h2 id="rules-title">TikTok’s rules</h2>${rulesView(tiktokRules(row.post, wholeLinks(row)))}${notesView(postNotes(row.post, null), id)}</section>`}
${hookView(row, shown.beforeHook)}
<section aria-labelledby="past-title"><h2 id="past-title">History</h2>${historyView(row, words)}</section>
${namesView(shown)}
<section aria-labelledby="facts-title"><h2 id="facts-title">Details</h2><dl class="facts">${facts(row, words.time)}</dl>
${adminView(row, id, { where: target.where, isOperator })}</section>
${isOperator && operatorView(row, id, token)}`;
};

const codeView = (title: string, value: unknown): Html =>
  html`<h3>${title}</h3><pre tabindex="0">${JSON.stringify(value, null, 2)}</pre>`;

/** What only an administrator has a use for. */
const adminView = (
  row: EntryRow,
  id: string,
  { where, isOperator }: { where: Where; isOperator: boolean },
): Html => html`<details class="admin" id="${id}-admin"><summary>For your admin</summary><dl class="facts">${adminFacts(row, where)}</dl>
${row.errors !== null && codeView('Response of Dash Social', row.errors)}
${isOperator && row.post && codeView('Request body', JSON.parse(postBody(row.post)))}</details>`;

/** Why it is not a draft yet, until when, and what to do. */
const waitView = ({ config, status, words }: Frame, row: EntryRow, target: Target): Html | null => {
  const { isRunning, start } = target;
  const facts = { config, circuits: status.circuits, now: status.at, isRunning, start };
  const wait = waitOf(row, facts);
  if (wait === null) return null;
  const { why, since, until, remedy } = wait;
  const sentAt = isRunning ? undoneUntil(row, status.at) : null;
  if (sentAt !== null && sentAt === until)
    return html`<p id="wait" class="caution undoable">${sentSoon(Math.ceil((sentAt - status.at) / 1_000))}</p>`;
  return html`<p id="wait" class="caution"><strong>${why}</strong>${since !== null && html` It began ${moment(words, since)}.`}${until !== null && ` ${words.nextTry(until)}`} ${withCode(remedy)}</p>`;
};

const zoneOf = ({ config }: Frame, row: EntryRow): string =>
  ownerOf(config, row)?.timezone ?? config.timezone;

const wholeLinks = ({ link, title }: EntryRow): string[] => [
  ...(link === null ? [] : [link]),
  ...linksIn(title),
];

const publishedText = ({ published }: EntryRow, time: (at: number) => string): string => {
  const at = Date.parse(published ?? '');
  return Number.isNaN(at) ? (published ?? '–') : time(at);
};

const facts = (row: EntryRow, time: (at: number | null) => string): Html[] => [
  fact('link', row.link === null ? '–' : away(row.link, row.link)),
  fact('published', foreign(publishedText(row, time))),
  fact('first seen', time(row.seenAt)),
  fact('not before', row.state === 'queued' || row.dueAt > row.seenAt ? time(row.dueAt) : '–'),
  fact('caption by', captionSource(row)),
];

const adminFacts = (row: EntryRow, where: Where): Html[] => [
  fact('key', html`<code>${row.key}</code>`),
  fact('published', foreign(row.published ?? '–')),
  fact('attempts', row.attempts),
  fact('after a lost response', row.whenUncertain.replace('_', ' ')),
  fact('command line', html`<code>${toType(`explain ${row.key}`, where)}</code>`),
];
