import fc from 'fast-check';
import type { CircuitScope } from '../../lib/core/circuit/circuit-row.ts';
import type { Command } from './chaos.ts';
import { allResponses } from './failures.ts';

const feed = fc.nat({ max: 1 });
const which = fc.nat({ max: 9 });
const side = fc.constantFrom('before' as const, 'after' as const);
const call = fc.integer({ min: 1, max: 25 });
const scope = fc.constantFrom<CircuitScope>('all', 'brand/144', 'feed/newsroom', 'feed/tag');
const just = <T extends Command['do']>(name: T) => fc.constant(name);

/** One event; common ones are more frequent than rare ones. */
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: just('publish'), feed, count: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('edit', 'share', 'withdraw'), feed, which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('reorder', 'shrink', 'reissue'), feed }) },
  { weight: 6, arbitrary: fc.record({ do: just('poll'), feed }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('tick', 'ingest') }) },
  { weight: 8, arbitrary: fc.record({ do: just('deliver'), which, worker: fc.nat({ max: 1 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('duplicate', 'lose'), which }) },
  { weight: 3, arbitrary: fc.record({ do: just('crash'), call, side }) },
  { weight: 1, arbitrary: fc.record({ do: just('break store'), call, side }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: just('response'),
      response: fc.constantFrom(...allResponses),
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: just('rotate') }) },
  { weight: 1, arbitrary: fc.record({ do: just('list'), works: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: just('wait'), minutes: fc.constantFrom(1, 2, 6, 90, 2_000) }) },
  { weight: 1, arbitrary: fc.record({ do: just('wait years') }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: just('set clock back'), seconds: fc.integer({ min: 1, max: 300 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('pause', 'resume'), scope }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: just('move'),
      move: fc.constantFrom('approve', 'release', 'retry', 'dismiss', 'confirm', 'undo'),
      which,
    }),
  },
);

/** A first poll, followed by any events. */
export const commands = fc
  .array(command, { minLength: 1, maxLength: 60, size: 'max' })
  .map((list): Command[] => [{ do: 'publish', feed: 0, count: 2 }, { do: 'poll', feed: 0 }, ...list]);
