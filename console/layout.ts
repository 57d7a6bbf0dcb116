import { isWorking, type PostingLight, postingLight } from '../lib/core/operator/health.ts';
import { entryPath } from './address.ts';
import type { ConsoleContext, Frame, Visitor } from './context.ts';
import { type Child, type Html, html } from './html.ts';
import type { Notice } from './notices.ts';
import { button } from './pieces.ts';

type Sheet = {
  title: string;
  /** The current item of the navigation. */
  here: 'inbox' | 'schedule' | 'overview' | 'entries' | 'feeds' | 'webhooks' | 'activity' | null;
  body: Child;
  notice?: Notice | null;
  /** Whether the page refreshes automatically; a response to a form does not. */
  isLive?: boolean;
};

export const head = (title: string): Html => html`<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · rss-drafts</title>
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/console.css">
<script src="/static/console.js" defer></script>
<script src="/static/edits.js" defer></script>
</head>`;

const place = (path: string, words: Child, isHere: boolean): Html =>
  isHere
    ? html`<li><a href="${path}" aria-current="page">${words}</a></li>`
    : html`<li><a href="${path}">${words}</a></li>`;

const navigation = (here: Sheet['here'], problems: number): Html => html`<nav aria-label="Pages"><ul>
${place('/', html`Inbox${problems > 0 && html` <span class="count">${problems}<span class="unseen"> need attention</span></span>`}`, here === 'inbox')}
${place('/entries', 'Entries', here === 'entries')}
${place('/schedule', 'Schedule', here === 'schedule')}
${place('/feeds', 'Feeds', here === 'feeds')}
${place('/webhooks', 'Webhooks', here === 'webhooks')}
${place('/activity', 'Activity', here === 'activity')}
${place('/overview', 'Overview', here === 'overview')}
</ul></nav>`;

const lightText: Record<PostingLight, string> = {
  posting: 'Posting',
  partly: 'Partly posting',
  paused: 'Paused',
  stopped: 'Stopped',
};

/** The label of the light; `Partly` where the rest is still posted. */
export const lightLabel = ({ status: { circuits }, problems }: Frame): string => {
  if (!isWorking(problems)) return 'Not running';
  const label = lightText[postingLight(circuits, problems)];
  const isWhole = circuits.some(({ scope, reason }) => scope === 'all' && reason !== 'throttled');
  return isWhole || circuits.length === 0 || label.startsWith('Partly')
    ? label
    : `Partly ${label.toLowerCase()}`;
};

/** The status light, on every page. */
const lightOf = (frame: Frame | null): Html | null => {
  if (!frame) return null;
  const light = postingLight(frame.status.circuits, frame.problems);
  return html`<span class="light ${light}">${lightLabel(frame)}</span>`;
};

/** An undo returns to the page of its entry. */
const undoIn = ({ undo: key }: Notice, token: string): Html | null =>
  key === undefined
    ? null
    : button('/undo', token, { words: 'Undo', fields: { key, back: entryPath(key) }, look: 'small' });

const notice = (given: Notice | null | undefined, token: string): Html | null =>
  given
    ? html`<div class="notice ${given.bad ? 'bad' : 'good'}" role="${given.bad ? 'alert' : 'status'}"><span>${given.words}</span>${undoIn(given, token)}</div>`
    : null;

/** Who is signed in, with the button to sign out. */
const visitorView = (visitor: Visitor | null, token: string): Html | null =>
  visitor &&
  html`<div class="visitor"><span>${visitor.shown} <span class="quiet">${visitor.role}</span></span>${button('/sign-out', token, { words: 'Sign out', look: 'small' })}</div>`;

/** A whole page; without a frame it has no light and no counts. */
export const layout = (
  { target: { name }, everyMs, visitor, token }: ConsoleContext,
  frame: Frame | null,
  sheet: Sheet,
): Html => {
  const { title, here, body, isLive = false } = sheet;
  return html`<html lang="en">
${head(title)}
<body data-every="${isLive ? everyMs : 0}" data-role="${visitor?.role ?? 'operator'}">
<a class="skip" href="#main">Skip to the content</a>
<header class="top"><div>
<a class="brand" href="/"><svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true"><rect class="plate" width="32" height="32" rx="8"/><path class="sign" d="M8 9a15 15 0 0 1 15 15M8 16a8 8 0 0 1 8 8"/><circle class="dot" cx="9.5" cy="22.5" r="2.5"/></svg>rss-drafts</a>
<div id="light" class="whereabouts" data-live><span class="place">${name}</span>${lightOf(frame)}</div>
<div id="pages" data-live>${navigation(here, frame?.attention ?? 0)}</div>
${visitorView(visitor, token)}
</div></header>
<main id="main" tabindex="-1">
<p id="connection" class="notice bad" role="status" hidden></p>
${notice(sheet.notice, token)}
${body}
</main>
</body>
</html>`;
};
