import { scopeText } from '../cli/format-circuit.ts';
import { brandScope } from '../lib/core/circuit/circuit-breaker.ts';
import type { CircuitRow, CircuitScope } from '../lib/core/circuit/circuit-row.ts';
import { brandsOf } from '../lib/core/config/row-owners.ts';
import { isWorking, type PostingLight, postingLight } from '../lib/core/operator/health.ts';
import type { ConsoleContext, Frame } from './context.ts';
import { type Html, html } from './html.ts';
import { lightLabel } from './layout.ts';
import { button } from './pieces.ts';

/** A pause, which is asked about before; it needs no script. */
const pause = ({ token }: ConsoleContext, scope: CircuitScope, back: string, look: string): Html => {
  const words = scope === 'all' ? 'Pause everything' : `Pause ${scopeText(scope).toLowerCase()}`;
  const id = `pause-${scope.replaceAll(/[^\w-]+/g, '-')}`;
  return html`<details class="sure" id="${id}"><summary class="${look}">${words}…</summary><div class="careful"><p>Nothing ${scope === 'all' ? '' : 'of it '}is sent until someone resumes it. Drafts that are being sent are finished.</p>${button('/pause', token, { words, fields: { scope, back }, look: 'stop' })}</div></details>`;
};

const resume = ({ token }: ConsoleContext, scope: CircuitScope, back: string, look: string): Html =>
  button('/resume', token, {
    words: scope === 'all' ? 'Resume' : `Resume ${scopeText(scope).toLowerCase()}`,
    fields: { scope, back },
    look,
  });

const isPause = ({ by }: CircuitRow) => by === 'person';

const texts: Record<PostingLight, string> = {
  posting: 'New entries become drafts in Dash Social as soon as they are seen.',
  partly: 'Some feeds wait; see below.',
  paused: 'Feeds are still polled. What is paused waits; see below.',
  stopped: 'Feeds are still polled. What is stopped waits; see below.',
};

/** The posting status, with the button that pauses or resumes everything. */
const switchOf = (context: ConsoleContext, frame: Frame): Html => {
  const { status, problems } = frame;
  const light = postingLight(status.circuits, problems);
  const text = isWorking(problems) ? texts[light] : 'No feed is polled and no draft is sent; see below.';
  const isPaused = status.circuits.some((circuit) => circuit.scope === 'all' && isPause(circuit));
  const control = isPaused ? resume(context, 'all', '/', 'big go') : pause(context, 'all', '/', 'big stop');
  return html`<div class="switch ${light}"><div><h2 id="posting-title">${lightLabel(frame)}</h2><p>${text}</p></div>${control}</div>`;
};

const brandSwitches = (context: ConsoleContext, frame: Frame): Html | null => {
  const closed = frame.status.circuits.filter(isPause).map(({ scope }) => scope);
  const open = brandsOf(frame.config)
    .map(brandScope)
    .filter((scope) => !closed.includes(scope));
  if (open.length === 0) return null;
  return html`<details id="brands"><summary>Pause one brand only</summary><div class="row">${open.map((scope) => pause(context, scope, '/', 'small'))}</div></details>`;
};

/** The posting status with its pause and resume buttons; problem cards show the reasons. */
export const postingPanel = (context: ConsoleContext, frame: Frame): Html =>
  html`<section id="posting" aria-labelledby="posting-title" data-live>
${switchOf(context, frame)}
${brandSwitches(context, frame)}
</section>`;

/** The pause or resume button of one feed. */
export const feedSwitch = (
  context: ConsoleContext,
  { status }: Frame,
  scope: CircuitScope,
  back: string,
): Html =>
  status.circuits.some((row) => row.scope === scope && isPause(row))
    ? resume(context, scope, back, 'go')
    : pause(context, scope, back, '');
