import { countsText, reasonText } from '../cli/format-delivery.ts';
import { isUnproven } from '../lib/core/webhooks/deliveries.ts';
import type { DeliveryNote } from '../lib/core/webhooks/deliveries-row.ts';
import type { WebhookStatus } from '../lib/jobs/operator/read-health.ts';
import { entryPath } from './address.ts';
import type { Frame } from './context.ts';
import { type Html, html } from './html.ts';
import { chip, foreign, moment } from './pieces.ts';
import { settingsView, webhookSettings } from './settings-view.ts';

const noteLine = ({ words }: Frame, note: DeliveryNote): Html => html`<li>
${chip(note.outcome)} ${moment(words, note.at)}${note.times > 1 && html` <span class="quiet">${note.times} times since ${words.time(note.since)}</span>`}
${note.entry !== null && html` <a href="${entryPath(note.entry)}">its entry</a>`}
${note.reason !== null && html` <span class="quiet">${foreign(reasonText(note))}</span>`}
</li>`;

const row = (frame: Frame, { id, latest, today }: WebhookStatus): Html => {
  const [last] = latest;
  const config = frame.config.webhooks.find((one) => one.id === id);
  return html`<tr>
<th scope="row">${id}${config && settingsView(`settings-${id}`, webhookSettings(config))}</th>
<td data-label="last delivery">${moment(frame.words, last?.at ?? null)}</td>
<td data-label="became">${last ? html`${chip(last.outcome)} <span class="why">${foreign(reasonText(last))}</span>` : html`<span class="quiet">no delivery yet</span>`}</td>
<td data-label="today">${countsText(today)}</td>
<td data-label="latest">${latest.length > 0 && html`<details><summary>latest ${latest.length}</summary><ul class="lines">${latest.map((note) => noteLine(frame, note))}</ul></details>`}</td>
</tr>`;
};

const isRefused = ({ latest: [last] }: WebhookStatus): boolean => last !== undefined && isUnproven(last);

/** Refused deliveries first, then by ID. */
const worstFirst = (a: WebhookStatus, b: WebhookStatus): number =>
  Number(isRefused(b)) - Number(isRefused(a)) || (a.id < b.id ? -1 : 1);

/** Each webhook with the outcomes of its deliveries; null when feeds.yml has no webhook. */
export const deliveriesView = (frame: Frame, webhooks: readonly WebhookStatus[]): Html | null => {
  if (webhooks.length === 0) return null;
  return html`<section id="webhooks" aria-label="Webhooks" data-live>
<table class="cards">
<thead><tr><th scope="col">webhook</th><th scope="col">last delivery</th><th scope="col">became</th><th scope="col">today (UTC)</th><th scope="col">latest</th></tr></thead>
<tbody>${webhooks.toSorted(worstFirst).map((webhook) => row(frame, webhook))}</tbody>
</table></section>`;
};
