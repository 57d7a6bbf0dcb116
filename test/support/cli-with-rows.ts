import { beforeEach } from 'vitest';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { cliOver, type FakeTarget, fakeTarget, type Ran, type Sitting } from './cli.ts';
import { anEntryRow } from './store-rows.ts';

/** A command line over a target that is new, and empty, for each test. */
export const cliWithRows = () => {
  let target: FakeTarget;
  let run: ReturnType<typeof cliOver>;
  beforeEach(() => {
    target = fakeTarget();
    run = cliOver(target);
  });
  return {
    target: () => target,
    cli: (line: string, sitting?: Sitting): Promise<Ran> => run(line, sitting),
    put: (...rows: Partial<EntryRow>[]) => {
      for (const given of rows) {
        const row = anEntryRow({ wakeAt: null, ...given });
        target.stores.ledger.rows.set(row.key, row);
      }
    },
    stateOf: (key: string) => (target.stores.ledger.rows.get(key) as EntryRow).state,
  };
};

export const json = (ran: Ran) => JSON.parse(ran.out);
