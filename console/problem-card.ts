import type { Problem, ProblemKind } from '../lib/core/operator/problem.ts';
import { feedPath, within } from './address.ts';
import type { ConsoleContext, Frame } from './context.ts';
import { type Html, html } from './html.ts';
import { button, foreign, moment, withCode } from './pieces.ts';

/** An element ID that stays the same while the problem lasts. */
const idOf = ({ kind, subject }: Problem): string => `${kind}-${subject}`.replaceAll(/[^\w-]+/g, '-');

const nameIn = (subject: string): string => subject.slice(subject.indexOf('/') + 1);

const link = (href: string, text: string): Html => html`<a class="action" href="${href}">${text}</a>`;

const stateOf: Partial<Record<ProblemKind, string>> = {
  'outcome-unknown': 'uncertain',
  'entries-rejected': 'rejected',
  'entries-held': 'held',
  'entries-to-review': 'review',
  'possible-duplicates': 'duplicates',
};

/** The actions for a problem. */
const buttons = ({ token, target }: ConsoleContext, { kind, subject }: Problem): Html[] => {
  const state = stateOf[kind];
  if (state !== undefined) return [link(within('/entries', { state }), 'Look at them')];
  if (kind === 'feed-failing')
    return [
      ...(target.isRunning
        ? [button(`${feedPath(nameIn(subject))}/poll`, token, { words: 'Poll now' })]
        : []),
      link(feedPath(nameIn(subject)), 'See the feed'),
    ];
  if (kind === 'deliveries-refused') return [link('/webhooks', 'See its deliveries')];
  if (kind === 'paused' && subject !== 'all')
    // the panel above resumes everything
    return [button('/resume', token, { words: 'Resume', fields: { scope: subject, back: '/' }, look: 'go' })];
  return [];
};

const times = ({ words }: Frame, { since, lastTriedAt, nextAt }: Problem): Html => {
  const parts = [
    since !== null && html`began ${moment(words, since)}`,
    lastTriedAt !== null && html`last tried ${moment(words, lastTriedAt)}`,
    nextAt !== null && html`next try ${moment(words, nextAt)}`,
  ].filter((part) => part !== false);
  return html`<p class="facts">${parts.map((part, at) => html`${at > 0 && ' · '}${part}`)}</p>`;
};

const worst: ReadonlySet<ProblemKind> = new Set([
  'not-running',
  'ticks-stopped',
  'posting-stopped',
  'brand-stopped',
  'outcome-unknown',
  'possible-duplicates',
]);

/** A card with the cause, effect, remedy and actions of a problem. */
export const problemCard = (context: ConsoleContext, frame: Frame, problem: Problem): Html => {
  const { kind, title, cause, effect, remedy, command } = problem;
  const id = idOf(problem);
  return html`<article class="problem${worst.has(kind) && ' bad'}" id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
<p class="why">${foreign(cause)}</p>
<p>${effect}</p>
<p class="remedy">${withCode(remedy)}</p>
${command !== null && html`<p class="quiet">Command line: <code>${command}</code></p>`}
${times(frame, problem)}
<div class="moves">${buttons(context, problem)}</div>
</article>`;
};
