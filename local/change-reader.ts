import { setTimeout as pause } from 'node:timers/promises';
import * as v from 'valibot';
import type { ChangeLog, LoggedChange } from './embedded/change-log.ts';
import type { Fault } from './pump.ts';

type ReaderOptions = {
  log: ChangeLog;
  /** Invokes send-events. */
  run: (event: unknown) => Promise<unknown>;
  onFault: (fault: Fault) => void;
  retryMs?: number;
};

export type ChangeReader = {
  /** Resolves when every change has been handed on, or handing on fails and is tried again later. */
  untilIdle: () => Promise<void>;
  close: () => Promise<void>;
};

const batchSize = 100;
const Response = v.object({ batchItemFailures: v.array(v.unknown()) });

const eventOf = (changes: readonly LoggedChange[]) => ({
  Records: changes.map(({ sequence, record }) => ({ dynamodb: { ...record, SequenceNumber: sequence } })),
});

/**
 * Does what an event source mapping on a table's stream does on AWS: invokes the function with the changes in order, and
 * forgets them only once it has handed them on. So its position is what is left in the log.
 */
export const startChangeReader = ({ log, run, onFault, retryMs = 1_000 }: ReaderOptions): ChangeReader => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  let isResting = false;

  const handOn = async (changes: readonly LoggedChange[]): Promise<void> => {
    const { batchItemFailures } = v.parse(Response, await run(eventOf(changes)));
    if (batchItemFailures.length > 0) throw new Error('events were not handed on');
    await log.remove(changes);
  };

  const rest = async (changes: readonly LoggedChange[], thrown: unknown): Promise<void> => {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    onFault({ fn: 'sendEvents', messages: changes.length, error });
    isResting = true;
    await pause(retryMs, undefined, { signal }).catch(() => {});
    isResting = false;
  };

  const work = async (): Promise<void> => {
    while (!signal.aborted) {
      const appended = log.nextChange(); // before reading, so that none is missed
      const changes = await log.read(batchSize);
      if (changes.length === 0) await Promise.race([appended, stopped]);
      else await handOn(changes).catch((error) => rest(changes, error));
    }
  };
  const done = work();

  return {
    untilIdle: async () => {
      while (!isResting && !signal.aborted && (await log.read(1)).length > 0) await pause(10);
    },
    close: async () => {
      stopping.abort();
      await done;
    },
  };
};
