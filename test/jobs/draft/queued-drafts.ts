import { circuitFor, isClosed } from '../../../lib/core/circuit/circuit-breaker.ts';
import { story } from '../../support/entries.ts';
import { type World, world } from '../../support/world.ts';

const stories = (n: number) => Array.from({ length: n }, (_, i) => story(i + 1));

/** A world with `n` queued entries whose wake-ups have been sent. */
export const queued = async (n: number, ...given: Parameters<typeof world>): Promise<World> => {
  const w = world(...given);
  await w.poll();
  w.publish(stories(n));
  await w.poll();
  return w;
};

export const circuitIsClosed = (w: World) =>
  isClosed(circuitFor([...w.stores.circuits.stored.values()], { brand: 144 }, w.state.now));
