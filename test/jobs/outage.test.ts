import { describe, expect, it } from 'vitest';
import { story } from '../support/entries.ts';
import { type World, world } from '../support/world.ts';

const stories = (n: number) => Array.from({ length: n }, (_, i) => story(i + 1));

/** A world in which `n` entries have just been queued and their wake-ups sent. */
const queued = async (n: number, ...given: Parameters<typeof world>): Promise<World> => {
  const w = world(...given);
  await w.poll();
  w.publish(stories(n));
  await w.poll();
  return w;
};

describe('two doors that a machine has closed', () => {
  it('are both opened again, the outer one first, though neither lets the other’s rows through', async () => {
    const w = await queued(2);
    w.state.answer = 'unauthorized';
    await w.deliverWakeUps();
    w.state.answer = 'forbidden'; // what the row that tries the door meets
    await w.minutes(2);
    const doors = w.events.flatMap((event) => (event.event === 'gate.closed' ? [event.scope] : []));
    expect(doors.slice(0, 2)).toEqual(['all', 'brand/144']);
    w.state.answer = 'created';

    await w.minutes(30);

    expect(w.sums()).toEqual({ drafted: 2 });
  });
});
