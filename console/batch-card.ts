import { createHash } from 'node:crypto';
import type { Page } from '../cli/page.ts';
import type { Config } from '../lib/core/config/config.ts';
import { rowOwners } from '../lib/core/config/row-owners.ts';
import { teachingText } from '../lib/core/entries/format-decision.ts';
import type { OpenBatch } from '../lib/core/entries/open-batches.ts';
import { titleOf } from '../lib/core/entries/title-of.ts';
import { countText } from '../lib/core/operator/count-text.ts';
import { destinationTexts } from '../lib/core/operator/destination.ts';
import { entryPath, feedPath, within } from './address.ts';
import { type Child, type Html, html } from './html.ts';
import { chip, foreign, hidden, moment, plural } from './pieces.ts';

/** The list of entries that a batch holds. */
export const batchPath = (id: string): string => within('/entries', { batch: id });

/** Entries that a batch's card lists; a link leads to the others. */
const maxListed = 20;

export type BatchNeeds = {
  config: Pick<Config, 'feeds' | 'webhooks'>;
  words: Page;
  token: string;
  back: string;
  /** Heading level. */
  level: 2 | 3;
  /** The page lists its entries below. */
  isOpen?: boolean;
};

const idOf = (batch: string): string => `b${createHash('sha256').update(batch).digest('hex').slice(0, 12)}`;

const heading = (level: 2 | 3, id: string, words: Child): Html =>
  level === 2 ? html`<h2 id="${id}">${words}</h2>` : html`<h3 id="${id}">${words}</h3>`;

const whyView = ({ reasons }: OpenBatch): Html[] =>
  reasons.map(
    ({ text, count }) =>
      html`<p class="why"><span class="unseen">Why: </span>${foreign(text)}${reasons.length > 1 && `: ${plural(count, 'entry', 'entries')}`}</p>`,
  );

const listView = ({ id, rows, hasMore }: OpenBatch, name: string): Html => {
  const more = rows.length - maxListed;
  return html`<details id="${name}-entries"><summary>Entries (${countText(rows.length, hasMore)})</summary>
<ul class="lines">${rows.slice(0, maxListed).map((row) => html`<li><a href="${entryPath(row.key)}">${foreign(titleOf(row))}</a></li>`)}</ul>
${more > 0 && html`<p><a href="${batchPath(id)}">and ${hasMore ? 'all others' : `${more.toLocaleString('en')} more`}</a></p>`}</details>`;
};

const decide = (
  { id }: OpenBatch,
  name: string,
  { token, back }: BatchNeeds,
  { move, words }: { move: 'release' | 'dismiss'; words: string },
): Html => html`<form method="post" action="/select">${hidden({ token, move, all: 'all', state: 'held', batch: id, back })}
<button id="${name}-${move}">${words}</button></form>`;

/** A held batch as one decision: why, how many entries, since when, and what a release teaches the feed. */
export const batchCard = (batch: OpenBatch, needs: BatchNeeds): Html => {
  const { id, feed, since, lessons, rows, hasMore } = batch;
  const name = idOf(id);
  const count = `${countText(rows.length, hasMore)} ${rows.length === 1 ? 'entry' : 'entries'}`;
  const lessonTexts = lessons.map((lesson) => teachingText(feed, lesson));
  const publish = rowOwners(needs.config).find((owner) => owner.id === feed)?.publish ?? 'draft';
  const decisions = [
    { move: 'release', words: `Release all ${countText(rows.length, hasMore)}…` },
    { move: 'dismiss', words: `Dismiss all ${countText(rows.length, hasMore)}…` },
  ] as const;
  return html`<article class="batch" id="${name}" aria-labelledby="${name}-title">
<header>${heading(needs.level, `${name}-title`, html`${count} of ${feed} held${rows.length > 1 && ' together'}`)}${chip('held')}</header>
<p class="where"><b>If released:</b> ${destinationTexts[publish]}</p>
<p class="facts"><a href="${feedPath(feed)}">${feed}</a> · held ${moment(needs.words, since)}</p>
${whyView(batch)}
${lessonTexts.map((text) => html`<p class="quiet">${text}</p>`)}
${needs.isOpen !== true && listView(batch, name)}
<div class="moves">${needs.isOpen !== true && html`<a class="action primary" href="${batchPath(id)}">Look at them</a>`}${decisions.map((decision) => decide(batch, name, needs, decision))}</div>
<details class="admin" id="${name}-admin"><summary>For your admin</summary><p>Batch <code>${id}</code></p></details>
</article>`;
};
