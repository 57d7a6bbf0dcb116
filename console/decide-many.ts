import * as v from 'valibot';
import { learnedText, teachingText } from '../lib/core/entries/format-decision.ts';
import { permanent } from '../lib/core/errors.ts';
import { isLookedUp } from '../lib/core/ledger/needs-decision.ts';
import type { EntryRow } from '../lib/core/ledger/row.ts';
import { stateLabels } from '../lib/core/operator/explain.ts';
import { allowedFrom, lookedUpText, type Move, makesDraft, movesOf } from '../lib/core/operator/moves.ts';
import { undoMs } from '../lib/core/operator/undo.ts';
import { modeOf } from '../lib/core/posts/exceeds-publish.ts';
import { sentence } from '../lib/core/text/sentence.ts';
import { readListed } from '../lib/jobs/operator/list-entries.ts';
import { type Moved, moveEntries, planLessons, undoMoves } from '../lib/jobs/operator/move-entries.ts';
import { outcomeOfMoves } from '../lib/jobs/operator/record-activity.ts';
import { stillWaits } from '../lib/jobs/operator/still-waits.ts';
import { type Action, back, record } from './actions.ts';
import { chooseEntries, chosenBy, isChosen } from './choose-entries.ts';
import { chosenList } from './chosen-list.ts';
import { type ConsoleContext, readFrame } from './context.ts';
import { undoNames } from './editor.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import { hidden, plural } from './pieces.ts';
import { type ConsoleResponse, json, page } from './response.ts';

/** Entries that are decided at once. */
const maxDecided = 1_000;
/** Entries a request of the page's script: it shows its progress after each. */
const pieceSize = 100;

/** Decisions that can be made about many entries at once; each draft of `confirm` is looked at on its own. */
const manyMoves = ['approve', 'release', 'retry', 'dismiss'] as const satisfies Move[];
type ManyMove = (typeof manyMoves)[number];

const verbs: Record<ManyMove, { verb: string; done: string }> = {
  approve: { verb: 'Approve', done: 'approved' },
  release: { verb: 'Release', done: 'released' },
  retry: { verb: 'Try again', done: 'queued again' },
  dismiss: { verb: 'Dismiss', done: 'dismissed' },
};

/** The words of the script's headings: `3 entries released`, and `The release of 3 entries was undone`. */
const manyForm = (move: ManyMove, children: Html): Html =>
  html`<form method="post" action="/moves" class="many" data-piece="${pieceSize}" data-done="${verbs[move].done}" data-undone="${undoNames[move]}">${children}</form>`;

const listPath = (path: string): string => (path.startsWith('/') ? path : '/entries');

const keysIn = (text: string): string[] => text.split(' ').filter(Boolean).slice(0, maxDecided);

const Selection = v.object({
  move: v.picklist(manyMoves),
  keys: v.array(v.string()),
  /** Everything that the filter matches, instead of these keys. */
  all: v.optional(v.string(), ''),
  back: v.optional(v.string(), '/entries'),
});

const parsed = <S extends v.GenericSchema>(schema: S, fields: unknown): v.InferOutput<S> => {
  const found = v.safeParse(schema, fields);
  if (found.success) return found.output;
  throw permanent('console.bad-form', `That form cannot be read: ${found.issues[0].message}.`);
};

/** The selected entries as they are now. `hasMore`: older ones may match the filter, too. */
const selected = async (
  context: ConsoleContext,
  form: URLSearchParams,
  { all: isAll, keys }: v.InferOutput<typeof Selection>,
): Promise<{ rows: EntryRow[]; hasMore: boolean }> => {
  if (isAll === '')
    return {
      rows: await readListed(
        context.target.ledger,
        keys.map((key) => ({ key })),
      ),
      hasMore: false,
    };
  const chosen = { ...chosenBy(form), after: '' };
  const { rows, exact, next } = await chooseEntries(context, chosen, maxDecided);
  const all = [...exact.filter((row) => isChosen(row, chosen)), ...rows];
  return { rows: all.slice(0, maxDecided), hasMore: next !== null || all.length > maxDecided };
};

/** Asks once, with the number, before many entries are decided. */
export const confirmMany: Action = async (context, form) => {
  const fields = { ...Object.fromEntries(form), keys: form.getAll('key') };
  const selection = parsed(Selection, fields);
  const [frame, { rows, hasMore }] = await Promise.all([
    readFrame(context),
    selected(context, form, selection),
  ]);
  const { move, back: path } = selection;
  const allowed = rows.filter((row) => movesOf(row).includes(move));
  const fitting = allowed.filter((row) => !isLookedUp(row));
  const lookedUp = allowed.length - fitting.length;
  const others = rows.length - allowed.length;
  if (fitting.length === 0 && lookedUp > 0)
    return back(context, path, { words: lookedUpText(lookedUp), bad: true });
  if (fitting.length === 0) return back(context, path, { words: nothingToDo(move, rows.length), bad: true });
  const question = `${verbs[move].verb}${move === 'retry' ? ':' : ''} ${plural(fitting.length, 'entry', 'entries')}?`;
  const lessons = move === 'release' ? await planLessons(context.target, fitting) : [];
  const body = html`<h1>${question}</h1>
<div id="question">${effects(move, fitting).map((text) => html`<p>${text}</p>`)}
${lessons.map(({ feed, lesson }) => html`<p class="quiet">${teachingText(feed, lesson)}</p>`)}
${others > 0 && html`<p class="caution">${plural(others, 'other entry', 'other entries')} of your selection cannot be ${verbs[move].done}, and ${others === 1 ? 'stays' : 'stay'} unchanged.</p>`}
${lookedUp > 0 && html`<p class="caution">${lookedUpText(lookedUp)}</p>`}
${hasMore && html`<p class="caution">${rows.length === maxDecided && `These are the latest ${maxDecided.toLocaleString('en')}. `}Older entries may match, too. Repeat this for them.</p>`}
${makesDraft(move) && html`<p class="quiet">After that, nothing is sent for ${undoMs / 1000} seconds, so that you can undo it.</p>`}
${chosenList(fitting, frame)}</div>
${manyForm(
  move,
  html`${hidden({ token: context.token, move, keys: fitting.map(({ key }) => key).join(' '), back: path })}
<button id="decide" class="${move === 'dismiss' ? 'dismiss' : 'release'}">${verbs[move].verb} ${fitting.length.toLocaleString('en')}</button>
<a class="action" href="${listPath(path)}">Cancel</a>`,
)}
<p id="progress" role="status"></p>`;
  return page(layout(context, frame, { title: question, here: 'entries', body }));
};

const nothingToDo = (move: ManyMove, count: number): string =>
  count === 0
    ? 'No entry is selected.'
    : `${count === 1 ? 'The selected entry cannot' : `None of the ${count.toLocaleString('en')} selected entries can`} be ${verbs[move].done}. Possible states: ${allowedFrom[move].map((state) => stateLabels[state]).join(', ')}.`;

/** What becomes of the entries, by how public their posts are. */
const effects = (move: ManyMove, rows: readonly EntryRow[]): string[] => {
  if (!makesDraft(move)) return ['No drafts are made. You can release dismissed entries later.'];
  const modes = Map.groupBy(rows, ({ post }) => (post && modeOf(post)) ?? 'draft');
  const count = (mode: 'draft' | 'schedule' | 'now') => modes.get(mode)?.length ?? 0;
  const uncertain = rows.filter(({ state }) => state === 'uncertain').length;
  return [
    ...(count('draft') > 0 ? [`Makes ${plural(count('draft'), 'draft')} in Dash Social.`] : []),
    ...(count('schedule') > 0
      ? [`Schedules ${plural(count('schedule'), 'post')} in Dash Social: published without another review.`]
      : []),
    ...(count('now') > 0
      ? [`Publishes ${plural(count('now'), 'post')} on TikTok at once, without a review.`]
      : []),
    ...(uncertain > 0
      ? [
          `${plural(uncertain, 'draft')} may already exist: look in Dash Social first, or there may be two of each.`,
        ]
      : []),
  ];
};

/** A decision, or `undo` of the last one while an entry has not been sent. */
const Decision = v.object({
  move: v.picklist([...manyMoves, 'undo']),
  keys: v.pipe(v.string(), v.minLength(1)),
  as: v.optional(v.string(), ''),
  /** The activity that an earlier piece began. */
  activity: v.optional(v.string(), ''),
  back: v.optional(v.string(), '/entries'),
});

/**
 * A request may take that long for each entry: with a thousand, as long as the function's time-out. Without a script, all
 * of them are decided before the page is shown on which they can be undone.
 */
const msPerEntry = 15;

/**
 * Decides about entries by their keys: with a script in pieces of a hundred, and without one all at once. Only entries
 * that still allow the decision are changed.
 */
export const decideMany: Action = async (context, form) => {
  const { move, keys, as, activity: continues, back: path } = parsed(Decision, Object.fromEntries(form));
  const { target, by, clock } = context;
  const isPart = as === 'json';
  const deps = { ...target, config: target.config(), clock };
  const rows = await readListed(
    target.ledger,
    keysIn(keys).map((key) => ({ key })),
  );
  const lessons = move === 'release' ? await planLessons(deps, rows) : [];
  const waitMs = undoMs + (isPart ? 0 : msPerEntry * rows.length);
  const { done: moved, activity } = await record(
    context,
    { kind: move, continues },
    {
      work: () =>
        move === 'undo'
          ? undoMoves(deps, rows, { by })
          : moveEntries(deps, rows, { move, by, undoMs: waitMs }),
      outcomeOf: outcomeOfMoves,
    },
  );
  const changed = moved.filter((one) => !isRefused(one)).map(({ row }) => row);
  const waits = move === 'undo' ? [] : await stillWaits(deps, changed, { isPart });
  const learned = lessons.map(({ feed, lesson }) => learnedText(feed, lesson));
  if (isPart) return resultAsJson(moved, { learned, activity, waits });
  const result = {
    words: resultText(doneText(move, rows), moved, [...waits, ...learned]),
    bad: changed.length === 0,
  };
  return move === 'undo' || result.bad
    ? back(context, path, result)
    : resultPage(context, { move, changed, words: result.words, path });
};

const isRefused = ({ refusal }: Moved): boolean => refusal !== null;

const resultAsJson = (
  moved: readonly Moved[],
  more: { learned: string[]; activity: string | null; waits: string[] },
): ConsoleResponse =>
  json({
    ...more,
    done: moved.filter((one) => !isRefused(one)).length,
    refused: moved.filter(isRefused).length,
    why: moved.find(isRefused)?.refusal?.message ?? null,
    keys: moved.flatMap((one) => (isRefused(one) ? [] : [one.row.key])),
  });

/** What was done with so many entries, as a sentence. `rows`: as they were before. */
const doneText = (move: ManyMove | 'undo', rows: readonly EntryRow[]): ((count: string) => string) => {
  if (move !== 'undo') return (count) => `${count} ${verbs[move].done}.`;
  const [decision, ...others] = new Set(rows.flatMap(({ undo }) => undo?.of ?? []));
  const what = decision === undefined || others.length > 0 ? 'the last decision' : undoNames[decision];
  return (count) => sentence(`${what} of ${count} was undone`);
};

const resultText = (
  textOf: (count: string) => string,
  moved: readonly Moved[],
  more: readonly string[],
): string => {
  const refused = moved.filter(isRefused);
  const done = moved.length - refused.length;
  return [
    textOf(plural(done, 'entry', 'entries')),
    ...(refused.length > 0 ? [`${refused.length} unchanged: ${refused[0]?.refusal?.message}`] : []),
    ...more,
  ].join(' ');
};

type Result = { move: ManyMove; changed: readonly EntryRow[]; words: string; path: string };

/** What was decided, with one button that undoes all of it. */
const resultPage = async (
  context: ConsoleContext,
  { move, changed, words, path }: Result,
): Promise<ConsoleResponse> => {
  const title = `${plural(changed.length, 'entry', 'entries')} ${verbs[move].done}`;
  const undo = {
    token: context.token,
    move: 'undo',
    keys: changed.map(({ key }) => key).join(' '),
    back: path,
  };
  const body = html`<h1>${title}</h1>
<p role="status">${words}</p>
${makesDraft(move) && html`<p id="question" class="quiet">Nothing is sent for ${undoMs / 1000} seconds, so that you can undo it.</p>`}
${manyForm(
  move,
  html`${hidden(undo)}
<button id="undo-all">${changed.length === 1 ? 'Undo' : `Undo all ${changed.length.toLocaleString('en')}`}</button>
<a class="action" href="${listPath(path)}">Back to the list</a>`,
)}
<p id="progress" role="status"></p>`;
  return page(layout(context, await readFrame(context), { title, here: 'entries', body }));
};

/** The form that checked entries of a list belong to, with a button for each decision that they may allow. */
export const selectionForm = (
  { token }: ConsoleContext,
  { moves, filter, path }: { moves: readonly Move[]; filter: Record<string, string>; path: string },
): Html | null => {
  const offered = manyMoves.filter((move) => moves.includes(move));
  return offered.length === 0
    ? null
    : html`<form id="selection" method="post" action="/select" class="selection">${hidden({ token, ...filter, back: path })}
<label><input type="checkbox" id="select-all" name="all" value="all"> All that match</label>
<span id="selected" class="quiet" role="status"></span>
${offered.map((move) => html`<button id="select-${move}" name="move" value="${move}" class="small">${verbs[move].verb} selected…</button>`)}</form>`;
};
