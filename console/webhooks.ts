import { readWebhooks } from '../lib/jobs/operator/read-health.ts';
import { type ConsoleContext, readFrame } from './context.ts';
import { deliveriesView } from './deliveries-view.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';
import type { Notice } from './notices.ts';
import { type ConsoleResponse, page } from './response.ts';

/** The webhooks page: each webhook with the outcomes of its latest deliveries. */
export const webhooks = async (context: ConsoleContext, notice: Notice | null): Promise<ConsoleResponse> => {
  const frame = await readFrame(context);
  const table = deliveriesView(
    frame,
    await readWebhooks({ ...context.target, clock: context.clock }, frame.config.webhooks),
  );
  const empty = html`<p class="empty">No webhooks yet. With a webhook, your content system sends an entry here the moment it is published, instead of waiting for the next poll of a feed.</p>
<details class="admin" id="empty-admin"><summary>For your admin</summary><p>Add one under <code>webhooks:</code> in feeds.yml; docs/webhooks describes each content system.</p></details>`;
  const body = html`<h1>Webhooks</h1>${table ?? empty}`;
  return page(layout(context, frame, { title: 'Webhooks', here: 'webhooks', body, notice, isLive: true }));
};
