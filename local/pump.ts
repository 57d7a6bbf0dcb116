import { setTimeout as pause } from 'node:timers/promises';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import * as v from 'valibot';
import type { Clock } from '../lib/core/ports.ts';
import type { Queue } from './queue.ts';

/** One event source mapping: a queue, its function and their settings. */
export type Mapping = {
  queue: Queue;
  /** The function's name, and how to run it; it returns what a Lambda handler does. */
  fn: string;
  run: (event: SQSEvent) => Promise<unknown>;
  /** At most 10. */
  batchSize: number;
  /** Batches processed concurrently. */
  concurrency: number;
  /** Whether the function hides messages until their next try, which is no fault. */
  hidesMessages?: boolean;
};

/** Messages that stay on their queue because `fn` failed; `messages` 0: the queue itself could not be read. */
export type Fault = { fn: string; messages: number; error: Error };

type PumpOptions = { mappings: Mapping[]; now: Clock; onFault: (fault: Fault) => void };

export type Pump = {
  /**
   * Resolves when no message is visible or being processed. Messages returned to the queue and still invisible do not
   * count.
   */
  untilIdle: () => Promise<void>;
  /**
   * Takes no more messages; resolves when current batches have ended, at the latest after `graceMs` (by default
   * longer than a POST can take).
   */
  close: (graceMs?: number) => Promise<void>;
};

/** `handedBack`: message ID → when it becomes visible again. */
type Shared = PumpOptions & { stopping: AbortController; atWork: number; handedBack: Map<string, number> };

const retryReceiveMs = 1000;

const Response = v.nullish(
  v.object({ batchItemFailures: v.nullish(v.array(v.object({ itemIdentifier: v.string() }))) }),
);

/**
 * Does what SQS event source mappings do on AWS: receives messages in batches, runs the function, deletes processed
 * messages and leaves the rest to be redelivered or moved to the dead-letter queue by the queue's rules. Partial
 * batch responses are supported; a function that throws, or names an unknown message, fails its whole batch
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html).
 */
export function startPump(options: PumpOptions): Pump {
  const shared: Shared = { ...options, stopping: new AbortController(), atWork: 0, handedBack: new Map() };
  const { signal } = shared.stopping;
  const loops = options.mappings.flatMap((mapping) =>
    Array.from({ length: mapping.concurrency }, () => work(mapping, shared)),
  );

  return {
    untilIdle: async () => {
      for (let calm = 0; calm < 2 && !signal.aborted; ) {
        calm = (await isIdle(shared)) ? calm + 1 : 0; // twice, because a batch may be in transit between queue and worker
        await pause(25);
      }
    },
    close: async (graceMs = 35_000) => {
      shared.stopping.abort();
      const ended = new AbortController();
      await Promise.race([Promise.all(loops), pause(graceMs, undefined, { signal: ended.signal })]);
      ended.abort();
    },
  };
}

async function work(mapping: Mapping, shared: Shared): Promise<void> {
  const { signal } = shared.stopping;
  while (!signal.aborted) {
    try {
      const records = await mapping.queue.receive(mapping.batchSize, signal);
      if (records.length > 0) await runBatch(mapping, records, shared);
    } catch (error) {
      if (signal.aborted) return;
      shared.onFault({ fn: mapping.fn, messages: 0, error: asError(error) });
      await pause(retryReceiveMs);
    }
  }
}

async function runBatch(
  { fn, run, queue, hidesMessages = false }: Mapping,
  records: SQSRecord[],
  shared: Shared,
): Promise<void> {
  shared.atWork += 1;
  try {
    const visibleAt = shared.now() + queue.visibilityMs;
    for (const { messageId } of records) shared.handedBack.delete(messageId);

    const { failed, error } = await outcomeOf(run, records, hidesMessages);

    if (!hidesMessages) for (const id of failed) shared.handedBack.set(id, visibleAt);
    if (error) shared.onFault({ fn: fn, messages: failed.length, error });
    await queue.remove(records.filter(({ messageId }) => !failed.includes(messageId)));
  } finally {
    shared.atWork -= 1;
  }
}

/** IDs of the messages that stay on the queue, with the reason. */
async function outcomeOf(
  run: Mapping['run'],
  records: SQSRecord[],
  hidesMessages: boolean,
): Promise<{ failed: string[]; error: Error | null }> {
  const all = records.map(({ messageId }) => messageId);
  try {
    const response = v.parse(Response, await run({ Records: records }));
    const failed = response?.batchItemFailures?.map(({ itemIdentifier }) => itemIdentifier) ?? [];
    const isFault = failed.length > 0 && !hidesMessages;
    const error = isFault ? new Error(`${failed.length} of ${all.length} messages failed`) : null;
    return { failed: failed.every((id) => all.includes(id)) ? failed : all, error };
  } catch (error) {
    return { failed: all, error: asError(error) };
  }
}

async function isIdle(shared: Shared): Promise<boolean> {
  if (shared.atWork > 0) return false;
  const depths = await Promise.all(
    shared.mappings.map(({ queue, hidesMessages }) => (hidesMessages ? queue.visible() : queue.depth())),
  );
  const depth = depths.reduce((sum, one) => sum + one, 0);
  const hidden = [...shared.handedBack.values()].filter((visibleAt) => visibleAt > shared.now()).length;
  return depth <= hidden && shared.atWork === 0;
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));
