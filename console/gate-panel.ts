import { doorWords, scopeWords } from '../cli/format-gate.ts';
import { brandScope, type CircuitScope, type GateRow } from '../lib/core/circuit/gate.ts';
import { brandsOf } from '../lib/core/config/row-owners.ts';
import type { House, Snapshot } from './house.ts';
import { type Html, html } from './html.ts';
import { button } from './pieces.ts';

const pause = ({ token }: House, scope: CircuitScope, back: string, look: string): Html =>
  button('/pause', token, {
    words: scope === 'all' ? 'Pause everything' : `Pause ${scopeWords(scope).toLowerCase()}`,
    fields: { scope, back },
    look,
  });

const resume = ({ token }: House, scope: CircuitScope, back: string, look: string): Html =>
  button('/resume', token, {
    words: scope === 'all' ? 'Resume' : `Resume ${scopeWords(scope).toLowerCase()}`,
    fields: { scope, back },
    look,
  });

const isPause = ({ by }: GateRow) => by === 'person';

/** The one switch that stops everything, and what it stands at. */
const switchOf = (house: House, { status, words }: Snapshot): Html => {
  const all = status.gate.filter(({ scope }) => scope === 'all');
  const paused = all.find(isPause);
  if (paused)
    return html`<div class="switch paused"><div><h2 id="gate-title">Paused</h2><p>You or somebody else paused everything ${words.since(paused.closedAt)}. Feeds are still read, and what is new waits here.</p></div>${resume(house, 'all', '/', 'big go')}</div>`;
  const stopped = all[0];
  const [title, look, told] = stopped
    ? [
        'Stopped',
        'stopped',
        `${doorWords(words, stopped, house.place.where)}. It goes on by itself once that is over.`,
      ]
    : ['Posting', 'open', 'What is new goes to Dash Social as a draft as soon as it is seen.'];
  return html`<div class="switch ${look}"><div><h2 id="gate-title">${title}</h2><p>${told}</p></div>${pause(house, 'all', '/', 'big stop')}</div>`;
};

const otherDoor = (house: House, { words }: Snapshot, door: GateRow): Html =>
  html`<li><span>${doorWords(words, door, house.place.where)}.</span>${isPause(door) && resume(house, door.scope, '/', 'small')}</li>`;

const brandSwitches = (house: House, snapshot: Snapshot): Html | null => {
  const closed = snapshot.status.gate.filter(isPause).map(({ scope }) => scope);
  const open = brandsOf(snapshot.config)
    .map(brandScope)
    .filter((scope) => !closed.includes(scope));
  if (open.length === 0) return null;
  return html`<details id="brands"><summary>Pause one brand only</summary><div class="row">${open.map((scope) => pause(house, scope, '/', 'small'))}</div></details>`;
};

/** Whether drafts go out, why not, and the buttons that stop and start them. */
export const gatePanel = (house: House, snapshot: Snapshot): Html => {
  const others = snapshot.status.gate.filter(({ scope }) => scope !== 'all');
  return html`<section id="gate" aria-labelledby="gate-title" data-live>
${switchOf(house, snapshot)}
${others.length > 0 && html`<ul class="doors">${others.map((door) => otherDoor(house, snapshot, door))}</ul>`}
${brandSwitches(house, snapshot)}
</section>`;
};

/** The same for one feed. */
export const feedSwitch = (house: House, { status }: Snapshot, scope: CircuitScope, back: string): Html =>
  status.gate.some((row) => row.scope === scope && isPause(row))
    ? resume(house, scope, back, 'go')
    : pause(house, scope, back, '');
