import { type Day, type Share, shares } from './days.ts';
import { type Html, html } from './html.ts';

const [width, height, floor, left] = [720, 180, 24, 34];

const classOf = (share: Share): string => share.replaceAll(' ', '-');
const totalOf = ({ counts }: Day): number => shares.reduce((sum, share) => sum + counts[share], 0);

/** The smallest of 1, 2, 5, 10, 20 … that is at least the count. */
const roundUp = (count: number): number => {
  const power = 10 ** Math.floor(Math.log10(Math.max(count, 1)));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= count) ?? count;
};

const bar = (day: Day, { x, wide, perEntry }: { x: number; wide: number; perEntry: number }): Html[] => {
  let y = height - floor;
  return shares
    .filter((share) => day.counts[share] > 0)
    .map((share) => {
      const tall = day.counts[share] * perEntry;
      y -= tall;
      return html`<rect class="${classOf(share)}" x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${wide.toFixed(1)}" height="${Math.max(tall - 1, 1).toFixed(1)}" rx="2"/>`;
    });
};

const line = (count: number, y: number): Html =>
  html`<line class="grid" x1="${left}" x2="${width}" y1="${y}" y2="${y}"/><text class="scale" x="${left - 8}" y="${y + 4}" text-anchor="end">${count}</text>`;

/** A label every few days, counted back from today; every second one is hidden on narrow screens. */
const dateLabel = (days: readonly Day[], at: number, slot: number): Html | null => {
  const every = Math.ceil(days.length / 7);
  const back = days.length - 1 - at;
  if (back % every !== 0) return null;
  const [x, anchor] = back === 0 ? [width, 'end'] : [left + (at + 0.5) * slot, 'middle'];
  const look = (back / every) % 2 === 1 ? 'scale minor' : 'scale';
  return html`<text class="${look}" x="${x.toFixed(1)}" y="${height - 6}" text-anchor="${anchor}">${days[at]?.label}</text>`;
};

const drawing = (days: readonly Day[], what: string): Html => {
  const top = roundUp(Math.max(2, ...days.map(totalOf)));
  const perEntry = (height - floor - 14) / top;
  const slot = (width - left) / days.length;
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${what}">
${[0, top / 2, top].filter((count) => Number.isInteger(count)).map((count) => line(count, height - floor - count * perEntry))}
${days.map((day, at) => html`<g><title>${day.label}: ${totalOf(day)}</title>${bar(day, { x: left + (at + 0.18) * slot, wide: slot * 0.64, perEntry })}${dateLabel(days, at, slot)}</g>`)}
</svg>`;
};

const legend = (used: readonly Share[]): Html =>
  html`<ul class="legend">${used.map((share) => html`<li><span class="key ${classOf(share)}"></span>${share}</li>`)}</ul>`;

const table = (
  days: readonly Day[],
  used: readonly Share[],
): Html => html`<div class="scroll" tabindex="0" role="region" aria-label="Entries per day as a table"><table>
<thead><tr><th scope="col">day</th>${used.map((share) => html`<th scope="col" class="number">${share}</th>`)}</tr></thead>
<tbody>${days.map(({ label, counts }) => html`<tr><th scope="row">${label}</th>${used.map((share) => html`<td class="number">${counts[share]}</td>`)}</tr>`)}</tbody>
</table></div>`;

/** Entries per day as a bar chart, with the same numbers as a table. */
export const dayChart = (days: readonly Day[], id: string): Html => {
  const used = shares.filter((share) => days.some(({ counts }) => counts[share] > 0));
  const all = days.reduce((sum, day) => sum + totalOf(day), 0);
  if (all === 0) return html`<p class="quiet">Nothing new in the last ${days.length} days.</p>`;
  return html`<figure class="days">
${drawing(days, `Entries per day in the last ${days.length} days, ${all} in all`)}
<figcaption>${legend(used)}<details id="${id}"><summary>As a table</summary>${table(days, used)}</details></figcaption>
</figure>`;
};
