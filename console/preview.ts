import { circuitText } from '../cli/format-circuit.ts';
import type { Page } from '../cli/page.ts';
import type { PreviewedEntry } from '../lib/jobs/operator/preview-entry.ts';
import { type Preview, previewFeed } from '../lib/jobs/operator/preview-feed.ts';
import { away, feedPath } from './address.ts';
import { type ConsoleContext, type Frame, feedIn, readFrame } from './context.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import { chip, foreign } from './pieces.ts';
import { notesView, postView, rulesView } from './post-view.ts';
import { type ConsoleResponse, page } from './response.ts';

const most = 20;

/** A preview of a feed: it is fetched now, and nothing is written or sent. */
export const preview = async (context: ConsoleContext, id: string): Promise<ConsoleResponse> => {
  const frame = await readFrame(context);
  const config = feedIn(frame, id);
  const services = { ...context.target, ...context, config: frame.config };
  const found = await previewFeed(services, config);
  const body = html`<h1>Preview of ${id}</h1>
<p class="lead">The posts that would be made from the feed as it is now. Nothing was written, and nothing was sent. <a href="${feedPath(id)}">Back to the feed</a></p>
${oddities(context, frame, found)}
${found.entries.slice(0, most).map((one, at) => previewed(one, frame.words, `p${at}`))}
${found.entries.length === 0 && html`<p class="quiet">It has no entries.</p>`}
${found.entries.length > most && html`<p class="quiet">${most} of ${found.entries.length} shown; the command line shows all.</p>`}`;
  return page(layout(context, frame, { title: `Preview of ${id}`, here: 'feeds', body }));
};

const oddities = (
  { target }: ConsoleContext,
  { words }: Frame,
  { first, gap, openCircuits }: Preview,
): Html[] => [
  ...(first
    ? [html`<p class="caution">The next poll is the first: existing entries are remembered, not posted.</p>`]
    : []),
  ...(gap ? [html`<p class="caution">None of its entries is known, so some may have been missed.</p>`] : []),
  ...openCircuits.map((circuit) => html`<p class="caution">${circuitText(words, circuit, target)}</p>`),
];

const timingText = ({ timing, at, waits, post }: PreviewedEntry, words: Page): string => {
  if (timing === 'now') return 'sent at once';
  if (timing === 'later') return `sent ${words.time(at)}${waits === null ? '' : `: ${waits}`}`;
  if (timing === 'if-released') return post === null ? 'not sent' : 'not sent; if you release it, it is this';
  return timing === 'sent' ? 'sent before' : 'not sent';
};

const previewed = (
  one: PreviewedEntry,
  words: Page,
  id: string,
): Html => html`<article class="entry" aria-labelledby="${id}-title">
<header><h2 id="${id}-title">${foreign(one.entry.title ?? one.entry.link ?? '(no title)')}</h2>${chip(one.state ?? 'unknown')}</header>
<p class="facts">${one.isKnown ? 'known' : 'new'} · ${timingText(one, words)}${one.entry.link !== null && html` · ${away(one.entry.link)}`}</p>
<p class="why">${foreign(one.why)}</p>
${one.post ? postView(one.post, id, null) : one.fault !== null && html`<p class="caution">No post: ${foreign(one.fault)}</p>`}
${one.rules.length > 0 && rulesView(one.rules)}
${one.notes.length > 0 && notesView(one.notes, id)}
${one.rerendered && html`<p class="caution">With the current settings, the post would be:</p>${postView(one.rerendered, `${id}-rerendered`, null)}`}
</article>`;
