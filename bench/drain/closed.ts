import { pausePosting } from '../../lib/jobs/operator/pause-posting.ts';
import { resumePosting } from '../../lib/jobs/operator/resume-posting.ts';
import { type World, world } from '../../test/support/world.ts';
import { rowOf } from './rows.ts';

export type Cause = 'an operator' | 'an outage';

/** Messages and writes in one period. */
type Traffic = { wakeUps: number; rowWrites: number; circuitWrites: number; probes: number };

const closing: Record<
  Cause,
  { close: (w: World) => Promise<unknown>; open: (w: World) => Promise<unknown> }
> = {
  'an operator': {
    close: (w) => pausePosting(w.services, 'all'),
    open: (w) => resumePosting(w.services, 'all'),
  },
  'an outage': {
    close: async (w) => Object.assign(w.state, { response: 'lost, not created', up: false }),
    open: async (w) => Object.assign(w.state, { response: 'created', up: true }),
  },
};

/** A ledger full of waiting rows, some of them already woken, when a circuit opens; `minutes` of it. */
export const behindDoor = async (cause: Cause, rows: number, woken: number, minutes: number) => {
  const counts = new Map<string, number>();
  const w = world([{}], {
    before: (name, [messages]) => {
      const more = name === 'queues.sendWakeUps' ? (messages as unknown[]).length : 1;
      counts.set(name, (counts.get(name) ?? 0) + more);
    },
  });
  w.services.wakeUpsATick = 1_000;
  for (let n = 0; n < rows; n++) {
    const row = rowOf(n, w.state.now);
    w.stores.ledger.rows.set(row.key, row);
    if (n < woken) w.stores.queues.wakeUps.push({ key: row.key, brand: row.brand });
  }
  await closing[cause].close(w);

  const traffic = async (stretch: number): Promise<Traffic> => {
    counts.clear();
    await w.minutes(stretch);
    const of = (name: string) => counts.get(name) ?? 0;
    return {
      wakeUps: of('queues.sendWakeUps'),
      rowWrites: of('ledger.replace') + of('ledger.insert'),
      circuitWrites: of('circuits.put') + of('circuits.remove'),
      probes: of('dash.probe'),
    };
  };
  const closed = await traffic(minutes);
  await closing[cause].open(w);
  return { closed, traffic, sums: w.sums };
};
