import type { OpenBatch } from '../lib/core/entries/open-batches.ts';
import type { Problem } from '../lib/core/operator/problem.ts';
import { batchCard } from './batch-card.ts';
import { type ConsoleContext, readSnapshot, type Snapshot } from './context.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import type { Notice } from './notices.ts';
import { plural } from './pieces.ts';
import { postingPanel } from './posting-panel.ts';
import { problemCard } from './problem-card.ts';
import { type ConsoleResponse, page } from './response.ts';

/** The inbox: everything that needs attention, worst first, each with its remedy. */
export const inbox = async (context: ConsoleContext, notice: Notice | null): Promise<ConsoleResponse> => {
  const snapshot = await readSnapshot(context);
  const body = html`<h1>Inbox</h1>
${postingPanel(context, snapshot)}
<section id="problems" aria-label="Needs attention" data-live>${cards(context, snapshot)}</section>`;
  return page(layout(context, snapshot, { title: 'Inbox', here: 'inbox', body, notice, isLive: true }));
};

const cards = (context: ConsoleContext, snapshot: Snapshot): Html => {
  const { problems } = snapshot;
  if (problems.length === 0) return empty(snapshot);
  const batches = new Map(snapshot.status.batches.map((batch) => [`batch/${batch.id}`, batch]));
  return html`<p id="found" class="quiet" role="status">${plural(problems.length, 'thing needs', 'things need')} your attention.</p>
${problems.map((problem) => cardOf(context, snapshot, problem, batches))}`;
};

const cardOf = (
  context: ConsoleContext,
  snapshot: Snapshot,
  problem: Problem,
  batches: ReadonlyMap<string, OpenBatch>,
): Html => {
  const batch = batches.get(problem.subject);
  return batch
    ? batchCard(batch, { words: snapshot.words, token: context.token, back: '/', level: 2 })
    : problemCard(context, snapshot, problem);
};

/** Explains what appears here. */
const empty = ({ config }: Snapshot): Html => {
  if (config.feeds.length + config.webhooks.length === 0)
    return html`<p class="empty">No feeds are configured yet. Add one with <code>npm run -s cli -- init</code>; its new entries become drafts in Dash Social.</p>`;
  return html`<p class="empty">Nothing needs your attention. Failures, held entries and possible duplicates appear here. <a href="/entries?state=drafted">Your latest drafts</a></p>`;
};
