import { isWorking, needingYou } from '../lib/core/operator/health.ts';
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

/** The inbox: what needs a person, then what resolves itself; the worst first in each, each with its remedy. */
export const inbox = async (context: ConsoleContext, notice: Notice | null): Promise<ConsoleResponse> => {
  const snapshot = await readSnapshot(context);
  const body = html`<h1>Inbox</h1>
${postingPanel(context, snapshot)}
<div id="problems" data-live>${groups(context, snapshot)}</div>`;
  return page(layout(context, snapshot, { title: 'Inbox', here: 'inbox', body, notice, isLive: true }));
};

const groups = (context: ConsoleContext, snapshot: Snapshot): Html => {
  const { problems } = snapshot;
  const waiting = needingYou(problems);
  const passing = problems.filter(({ group }) => group === 'resolves-itself');
  const cards = (some: readonly Problem[]) => some.map((problem) => cardOf(context, snapshot, problem));
  return html`<section id="needs-you" aria-labelledby="needs-you-title"><h2 id="needs-you-title">Needs you</h2>
${waiting.length === 0 ? empty(snapshot, passing.length > 0) : html`<p id="found" class="quiet" role="status">${plural(waiting.length, 'thing needs', 'things need')} your attention.</p>${cards(waiting)}`}</section>
${passing.length > 0 && html`<section id="resolves-itself" aria-labelledby="resolves-itself-title"><h2 id="resolves-itself-title">Resolves itself</h2><p class="quiet">${isWorking(problems) ? 'You can wait: each of these is tried again automatically.' : 'Nothing runs now. Once it does, each of these is tried again automatically.'}</p>${cards(passing)}</section>`}`;
};

const cardOf = (context: ConsoleContext, snapshot: Snapshot, problem: Problem): Html => {
  const batch = snapshot.status.batches.find(({ id }) => problem.subject === `batch/${id}`);
  return batch
    ? batchCard(batch, {
        config: snapshot.config,
        words: snapshot.words,
        token: context.token,
        back: '/',
        level: 3,
      })
    : problemCard(context, snapshot, problem);
};

/** Explains what appears here. */
const empty = ({ config }: Snapshot, isTrying: boolean): Html => {
  if (config.feeds.length + config.webhooks.length === 0)
    return html`<p class="empty">No feeds yet. Once your admin adds one, each new entry on it becomes a draft in Dash Social, and whatever needs your decision appears here.</p>
<details class="admin" id="empty-admin"><summary>For your admin</summary><p>Add a feed with <code>npm run -s cli -- init</code>.</p></details>`;
  return html`<p class="empty">${isTrying ? 'Nothing for you to do.' : 'All clear.'} When an entry needs a decision, or a feed stops working, it appears here with what to do. <a href="/entries?state=drafted">See your latest drafts</a></p>`;
};
