import { type ConsoleContext, readSnapshot } from './context.ts';
import { deliveriesView } from './deliveries-view.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';
import type { Notice } from './notices.ts';
import { type ConsoleResponse, page } from './response.ts';

/** The webhooks page: each webhook with the outcomes of its latest deliveries. */
export const webhooks = async (context: ConsoleContext, notice: Notice | null): Promise<ConsoleResponse> => {
  const snapshot = await readSnapshot(context);
  const table = deliveriesView(snapshot);
  const empty = html`<p class="empty">feeds.yml has no webhook yet. With a webhook, your content system sends an entry the moment it is published: see docs/webhooks.</p>`;
  const body = html`<h1>Webhooks</h1>${table ?? empty}`;
  return page(layout(context, snapshot, { title: 'Webhooks', here: 'webhooks', body, notice, isLive: true }));
};
