import { isWorking, type PostingLight, postingLight } from '../lib/core/operator/health.ts';
import { entryPath } from './address.ts';
import type { ConsoleContext, Frame, Visitor } from './context.ts';
import { type Child, type Html, html } from './html.ts';
import type { Notice } from './notices.ts';
import { button, sentSoon } from './pieces.ts';

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
<script src="/static/decisions.js" defer></script>
<script src="/static/edits.js" defer></script>
</head>`;

const place = (path: string, words: Child, isHere: boolean): Html =>
  isHere
    ? html`<li><a href="${path}" aria-current="page">${words}</a></li>`
    : html`<li><a href="${path}">${words}</a></li>`;

/** Counts that are not known, or not up to date, are read again by the page's script. */
const navigation = (
  here: Sheet['here'],
  { count: problems, isOld }: NonNullable<Frame['attention']>,
): Html => html`<nav aria-label="Pages"><ul data-attention="${isOld ? 'old' : 'new'}">
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

const nextIn = ({ next }: Notice): Html | null =>
  next === undefined ? null : html`<a href="${entryPath(next)}">Next to review</a>`;

/** With its undo and when that ends, if it does; nothing can be undone once it is sent. */
const notice = (given: Notice, token: string, now: number): Html => {
  const look = given.bad ? 'bad' : 'good';
  const role = given.bad ? 'alert' : 'status';
  const { words, sentAt } = given;
  if (sentAt === undefined)
    return html`<div class="notice ${look}" role="${role}"><span>${words}</span>${undoIn(given, token)}${nextIn(given)}</div>`;
  const seconds = Math.ceil((sentAt - now) / 1_000);
  return seconds <= 0
    ? html`<div class="notice ${look}" role="${role}"><span>${words}</span>${nextIn(given)}</div>`
    : html`<div class="notice ${look}" data-seconds="${seconds}" role="${role}"><span>${words}</span><span class="until">${sentSoon(seconds)}</span>${undoIn(given, token)}${nextIn(given)}</div>`;
};

/** Who is signed in, with the button to sign out. */
const visitorView = (visitor: Visitor | null, token: string): Html | null =>
  visitor &&
  html`<div class="visitor"><span>${visitor.shown} <span class="quiet">${visitor.role}</span></span>${button('/sign-out', token, { words: 'Sign out', look: 'small' })}</div>`;

/** A whole page; without a frame it has no light and no counts. */
export const layout = (
  { target: { name }, everyMs, visitor, token, clock }: ConsoleContext,
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
<div id="pages" data-live>${navigation(here, frame?.attention ?? { count: 0, isOld: true })}</div>
${visitorView(visitor, token)}
</div></header>
<main id="main" tabindex="-1">
<p id="connection" class="notice bad" role="status" hidden></p>
${sheet.notice && notice(sheet.notice, token, clock())}
${body}
</main>
</body>
</html>`;
};
