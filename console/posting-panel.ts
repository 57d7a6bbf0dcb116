import { circuitText, scopeText } from '../cli/format-circuit.ts';
import { brandScope } from '../lib/core/circuit/circuit-breaker.ts';
import type { CircuitRow, CircuitScope } from '../lib/core/circuit/circuit-row.ts';
import { brandsOf } from '../lib/core/config/row-owners.ts';
import type { ConsoleContext, Snapshot } from './context.ts';
import { type Html, html } from './html.ts';
import { button } from './pieces.ts';

const pause = ({ token }: ConsoleContext, scope: CircuitScope, back: string, look: string): Html =>
  button('/pause', token, {
    words: scope === 'all' ? 'Pause everything' : `Pause ${scopeText(scope).toLowerCase()}`,
    fields: { scope, back },
    look,
  });

const resume = ({ token }: ConsoleContext, scope: CircuitScope, back: string, look: string): Html =>
  button('/resume', token, {
    words: scope === 'all' ? 'Resume' : `Resume ${scopeText(scope).toLowerCase()}`,
    fields: { scope, back },
    look,
  });

const isPause = ({ by }: CircuitRow) => by === 'person';

/** The one switch that stops everything, and what it stands at. */
const switchOf = (context: ConsoleContext, { status, words }: Snapshot): Html => {
  const all = status.circuits.filter(({ scope }) => scope === 'all');
  const paused = all.find(isPause);
  if (paused)
    return html`<div class="switch paused"><div><h2 id="posting-title">Paused</h2><p>You or somebody else paused everything ${words.since(paused.openedAt)}. Feeds are still read, and what is new waits here.</p></div>${resume(context, 'all', '/', 'big go')}</div>`;
  const stopped = all[0];
  const [title, look, told] = stopped
    ? [
        'Stopped',
        'stopped',
        `${circuitText(words, stopped, context.target.where)}. It goes on by itself once that is over.`,
      ]
    : ['Posting', 'open', 'What is new goes to Dash Social as a draft as soon as it is seen.'];
  return html`<div class="switch ${look}"><div><h2 id="posting-title">${title}</h2><p>${told}</p></div>${pause(context, 'all', '/', 'big stop')}</div>`;
};

const otherCircuit = (context: ConsoleContext, { words }: Snapshot, circuit: CircuitRow): Html =>
  html`<li><span>${circuitText(words, circuit, context.target.where)}.</span>${isPause(circuit) && resume(context, circuit.scope, '/', 'small')}</li>`;

const brandSwitches = (context: ConsoleContext, snapshot: Snapshot): Html | null => {
  const closed = snapshot.status.circuits.filter(isPause).map(({ scope }) => scope);
  const open = brandsOf(snapshot.config)
    .map(brandScope)
    .filter((scope) => !closed.includes(scope));
  if (open.length === 0) return null;
  return html`<details id="brands"><summary>Pause one brand only</summary><div class="row">${open.map((scope) => pause(context, scope, '/', 'small'))}</div></details>`;
};

/** Whether drafts go out, why not, and the buttons that stop and start them. */
export const postingPanel = (context: ConsoleContext, snapshot: Snapshot): Html => {
  const others = snapshot.status.circuits.filter(({ scope }) => scope !== 'all');
  return html`<section id="posting" aria-labelledby="posting-title" data-live>
${switchOf(context, snapshot)}
${others.length > 0 && html`<ul class="doors">${others.map((circuit) => otherCircuit(context, snapshot, circuit))}</ul>`}
${brandSwitches(context, snapshot)}
</section>`;
};

/** The same for one feed. */
export const feedSwitch = (
  context: ConsoleContext,
  { status }: Snapshot,
  scope: CircuitScope,
  back: string,
): Html =>
  status.circuits.some((row) => row.scope === scope && isPause(row))
    ? resume(context, scope, back, 'go')
    : pause(context, scope, back, '');
