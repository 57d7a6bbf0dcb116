import type { Publish } from '../lib/core/config/config.ts';
import { isLookedUp } from '../lib/core/ledger/needs-decision.ts';
import type { EntryRow } from '../lib/core/ledger/row.ts';
import { type Move, makesDraft, movesOf } from '../lib/core/operator/moves.ts';
import { modeOf } from '../lib/core/posts/exceeds-publish.ts';
import { sentence } from '../lib/core/text/sentence.ts';
import { type Html, html } from './html.ts';
import { hidden } from './pieces.ts';

/** What an approval or a release does, by how public the post is: a draft is seen by its reviewers only. */
const effects: Record<Publish, string> = {
  draft: 'make a draft',
  schedule: 'schedule it',
  now: 'publish it now',
};

const modeFor = ({ post }: EntryRow): Publish => (post && modeOf(post)) ?? 'draft';

const words: Record<Exclude<Move, 'approve' | 'release'>, string> = {
  retry: 'Try again',
  dismiss: 'Dismiss',
  confirm: 'Confirm: the draft is there',
};

const wordsFor = (move: Move, row: EntryRow, isOld = false): string => {
  if (move === 'approve') return `${isOld ? 'Approve anyway' : 'Approve'}: ${effects[modeFor(row)]}`;
  if (move === 'retry' && isLookedUp(row)) return 'Try again anyway';
  return move === 'release' ? `Release: ${effects[modeFor(row)]}` : words[move];
};

const goesPublic =
  'This goes live on TikTok without a review in Dash Social. You have 10 seconds to undo it.';

/** The warning to show before a move that cannot be undone; null for the others. */
const warning = (move: Move, row: EntryRow, tooOld: string | null): string | null => {
  const { state } = row;
  if (move === 'approve' && tooOld !== null) return sentence(tooOld);
  if (makesDraft(move) && modeFor(row) !== 'draft') return goesPublic;
  if (move === 'dismiss' && state === 'uncertain')
    return 'Nothing more is sent. A draft that already exists stays in Dash Social.';
  if (move === 'retry' && isLookedUp(row))
    return 'Its draft is still being looked up. If you send it again now, there may be two.';
  if (move === 'retry' && state === 'uncertain')
    return 'Its draft may already exist: look in Dash Social first, or there may be two.';
  if (move === 'confirm' && state !== 'uncertain')
    return 'Confirm that you have looked in Dash Social and left one draft. Its ID is optional.';
  if (move === 'confirm') return 'Confirm that its draft is in Dash Social. Its ID is optional.';
  return null;
};

/** Moves that send a post, and so save what is in its editor first. */
const saves: ReadonlySet<Move> = new Set<Move>(['approve', 'release', 'retry']);

const form = (move: Move, row: EntryRow, id: string, to: MoveForm, inner: Html | null): Html => {
  const { token, back, tooOld, editor = null } = to;
  const look = inner ? 'careful' : 'at-once';
  const label = html`${wordsFor(move, row, Boolean(tooOld))}<span class="unseen"> (${row.title ?? row.key})</span>`;
  const isOld = move === 'approve' && tooOld;
  if (editor !== null && saves.has(move))
    return html`<div class="${look}">${isOld && html`<input type="hidden" name="evenIfOld" value="yes" form="${editor}">`}${inner}
<button id="${id}-${move}" class="${move}" form="${editor}" formaction="/move" name="move" value="${move}">${label}</button></div>`;
  return html`<form method="post" action="/move" class="${look}">
${hidden({ token, move, key: row.key, back, ...(isOld && { evenIfOld: 'yes' }), ...(move === 'retry' && isLookedUp(row) && { evenIfLookedUp: 'yes' }) })}${inner}
<button id="${id}-${move}" class="${move}">${label}</button>
</form>`;
};

const postId = (id: string): Html =>
  html`<label for="${id}-post">Draft ID</label> <input id="${id}-post" name="postId" inputmode="numeric" pattern="[0-9]{1,15}" size="9" autocomplete="off">`;

/**
 * `tooOld`: why the entry has become too old to be approved like a new one. `editor`: the form of its editor on the
 * same page, which is sent along, so that what is decided is what is seen.
 */
type MoveForm = { token: string; back: string; tooOld?: string | null; editor?: string | null };

const moveView = (move: Move, row: EntryRow, id: string, to: MoveForm): Html => {
  const note = warning(move, row, to.tooOld ?? null);
  if (note === null) return form(move, row, id, to, null);
  const inner = html`<p>${note}</p>${move === 'confirm' && postId(id)}`;
  return html`<details class="sure" id="${id}-${move}-sure"><summary>${wordsFor(move, row, Boolean(to.tooOld))}…</summary>${form(move, row, id, to, inner)}</details>`;
};

/** Enter in a field presses the first button of its form in the page: this one saves, where the others also send. */
const defaultButton = (editor: string): Html =>
  html`<button class="unseen" form="${editor}" tabindex="-1" aria-hidden="true">Save</button>`;

/** Buttons for the moves that an entry allows. `back`: the page to return to. */
export const movesView = (row: EntryRow, id: string, to: MoveForm): Html | null => {
  const moves = movesOf(row);
  return moves.length === 0
    ? null
    : html`${to.editor && moves.some((move) => saves.has(move)) && defaultButton(to.editor)}<div class="moves">${moves.map((move) => moveView(move, row, id, to))}</div>`;
};
