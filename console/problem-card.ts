import { countText } from '../lib/core/operator/count-text.ts';
import type { Problem, ProblemKind } from '../lib/core/operator/problem.ts';
import { withStop } from '../lib/core/text/sentence.ts';
import { entryPath, feedPath, within } from './address.ts';
import type { ConsoleContext, Frame } from './context.ts';
import { type Child, type Html, html } from './html.ts';
import { button, foreign, moment, nextTry, withCode } from './pieces.ts';

/** An element ID that stays the same while the problem lasts. */
const idOf = ({ kind, subject }: Problem): string => `${kind}-${subject}`.replaceAll(/[^\w-]+/g, '-');

const nameIn = (subject: string): string => subject.slice(subject.indexOf('/') + 1);

const link = (href: string, text: string): Html => html`<a class="action" href="${href}">${text}</a>`;

const filterOf: Partial<Record<ProblemKind, string>> = {
  'not-as-configured': 'held',
  'outcome-unknown': 'uncertain',
  'entries-rejected': 'rejected',
  'entries-held': 'held',
  'entries-to-review': 'review',
  'possible-duplicates': 'duplicates',
  'article-changed': 'changed',
};

const seeText = ({ count, entries }: Problem): string => {
  if (count === entries.length) return count === 1 ? 'See it in the list' : 'See them in the list';
  return `See all ${countText(count ?? 0)}`;
};

/** The actions for a problem. */
const buttons = ({ token, target }: ConsoleContext, problem: Problem): Html[] => {
  const { kind, subject } = problem;
  const state = filterOf[kind];
  if (state !== undefined) return [link(within('/entries', { state }), seeText(problem))];
  if (kind === 'feed-failing')
    return [
      ...(target.isRunning
        ? [button(`${feedPath(nameIn(subject))}/poll`, token, { words: 'Poll now' })]
        : []),
      link(feedPath(nameIn(subject)), 'See the feed'),
    ];
  if (kind === 'deliveries-refused') return [link('/webhooks', 'See its deliveries')];
  if (kind === 'alert') return [link('/feeds', 'See the feeds')];
  if (kind === 'paused' && subject !== 'all')
    // the panel above resumes everything
    return [button('/resume', token, { words: 'Resume', fields: { scope: subject, back: '/' }, look: 'go' })];
  return [];
};

const times = ({ words }: Frame, { since, lastTriedAt, nextAt }: Problem): Html | null => {
  const parts = [
    since !== null && html`began ${moment(words, since)}`,
    lastTriedAt !== null && html`last tried ${moment(words, lastTriedAt)}`,
    nextAt !== null && nextTry(words, nextAt),
  ].filter((part) => part !== false);
  return parts.length === 0
    ? null
    : html`<p class="facts">${parts.map((part, at) => html`${at > 0 && ' · '}${part}`)}</p>`;
};

/** The first entries, each with its reason. */
const entryList = ({ entries, count }: Problem): Html | null => {
  const more = (count ?? 0) - entries.length;
  return entries.length === 0
    ? null
    : html`<ul class="lines">${entries.map(
        ({ key, title, feed, why }) =>
          html`<li><a href="${entryPath(key)}">${foreign(title)}</a> <span class="quiet">${feed}</span><p>${foreign(why)}</p></li>`,
      )}${more > 0 && html`<li class="quiet">and ${countText(count ?? 0) === String(count) ? more.toLocaleString('en') : 'many'} more</li>`}</ul>`;
};

/** Problems whose remedy is outside the console, in feeds.yml, a secret or AWS. */
const forAdmin: ReadonlySet<ProblemKind> = new Set([
  'not-running',
  'ticks-stopped',
  'posting-stopped',
  'brand-stopped',
  'deliveries-refused',
  'dead-letters',
]);

/** What to do, in a sentence; what only an administrator can do is folded away, ready to be passed on. */
const remedyOf = ({ kind, group, remedy, command }: Problem): { remedy: Child; folded: Html[] } => {
  const isTheirs = group === 'needs-you' && forAdmin.has(kind);
  return {
    remedy: isTheirs ? 'An administrator can fix this; the details below say how.' : withCode(remedy),
    folded: [
      ...(isTheirs ? [html`<p>${withCode(remedy)}</p>`] : []),
      ...(command === null ? [] : [html`<p><code>${command}</code></p>`]),
    ],
  };
};

const worst: ReadonlySet<ProblemKind> = new Set([
  'not-running',
  'ticks-stopped',
  'posting-stopped',
  'brand-stopped',
  'not-as-configured',
  'outcome-unknown',
  'possible-duplicates',
]);

const lookOf = ({ kind, group }: Problem): string => {
  if (group === 'resolves-itself') return ' passing';
  return worst.has(kind) ? ' bad' : '';
};

/** A card with the cause, effect, entries, remedy and actions of a problem. */
export const problemCard = (context: ConsoleContext, frame: Frame, problem: Problem): Html => {
  const { title, cause, effect } = problem;
  const id = idOf(problem);
  const actions = buttons(context, problem);
  const { remedy, folded } = remedyOf(problem);
  return html`<article class="problem${lookOf(problem)}" id="${id}" aria-labelledby="${id}-title">
<h3 id="${id}-title">${title}</h3>
<p class="why">${foreign(withCode(withStop(cause)))}</p>
<p>${effect}</p>
${entryList(problem)}
<p class="remedy">${remedy}</p>
${times(frame, problem)}
${actions.length > 0 && html`<div class="moves">${actions}</div>`}
${folded.length > 0 && html`<details class="admin" id="${id}-admin"><summary>For your admin</summary>${folded}</details>`}
</article>`;
};
