import { setTimeout } from 'node:timers/promises';
import { GetQueueAttributesCommand, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type BackOff, backOffMs } from '../../core/backoff.ts';
import { retryable } from '../../core/errors.ts';
import type { CountWakeUps, FeedsMessage, SendFeeds, SendWakeUps, WakeUp } from '../../core/ports.ts';
import { awsError } from './aws-error.ts';

/** A queue and its client. `pause` waits between two tries of messages that SQS refused. */
export type SqsOptions = { client: SQSClient; queueUrl: string; pause?: (ms: number) => Promise<unknown> };

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const maxBatch = 10;
/** For the whole batch. Newer regions accept 1 MiB; the older limit holds everywhere. */
const maxBatchBytes = 256 * 1024;

const tries = 3;
const retryDelaysMs = { firstMs: 50, maxMs: 1_000, jitter: 'none' } as const satisfies BackOff;

const guarded = async <T>(queueUrl: string, work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    throw awsError('queue', 'queue', queueUrl, error);
  }
};

type Entry = { MessageBody: string; DelaySeconds?: number; MessageGroupId?: string };

/** Messages in order, in batches within the limits for number and bytes. */
const inBatches = (entries: Entry[]): Entry[][] => {
  const batches: Entry[][] = [];
  let room = 0;
  for (const entry of entries) {
    const bytes = Buffer.byteLength(entry.MessageBody);
    const last = batches.at(-1);
    if (last && last.length < maxBatch && bytes <= room) {
      last.push(entry);
      room -= bytes;
    } else {
      batches.push([entry]);
      room = maxBatchBytes - bytes;
    }
  }
  return batches;
};

/** Sends one batch; returns the messages that SQS refused, which the call itself reports as success. */
const sendBatch = async ({ client, queueUrl }: SqsOptions, entries: Entry[]): Promise<Entry[]> => {
  const Entries = entries.map((entry, at) => ({ Id: String(at), ...entry }));
  const { Successful = [] } = await guarded(
    queueUrl,
    client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries })),
  );
  const taken = new Set(Successful.map(({ Id }) => Id));
  return entries.filter((_, at) => !taken.has(String(at)));
};

/** Sends messages as JSON, `delayOf` in seconds; throws like `sqsSendFeeds`. */
export const sendAll =
  <T>(
    { pause = setTimeout, ...options }: SqsOptions,
    delayOf: (message: T) => number | undefined = () => undefined,
    groupOf: (message: T) => string | undefined = () => undefined,
  ) =>
  async (messages: T[]): Promise<void> => {
    let left = messages.map((message): Entry => {
      const [DelaySeconds, MessageGroupId] = [delayOf(message), groupOf(message)];
      return {
        MessageBody: JSON.stringify(message),
        ...(DelaySeconds !== undefined && { DelaySeconds }),
        ...(MessageGroupId !== undefined && { MessageGroupId }),
      };
    });
    for (let attempt = 0; attempt < tries && left.length > 0; attempt += 1) {
      if (attempt > 0) await pause(backOffMs(attempt - 1, retryDelaysMs, 0));
      const refused: Entry[] = [];
      for (const batch of inBatches(left)) refused.push(...(await sendBatch(options, batch)));
      left = refused;
    }
    if (left.length === 0) return;
    const message = `The queue ${options.queueUrl} did not take ${left.length} of ${messages.length} messages in ${tries} tries.`;
    throw retryable('queue.partly-refused', message);
  };

/**
 * Sends messages for feeds to be polled. Throws AppError `queue.*`: retryable `partly-refused`, `unreachable` and
 * `throttled` (some may have been accepted), config `missing-queue` and `access-denied`.
 */
export const sqsSendFeeds = (options: SqsOptions): SendFeeds =>
  sendAll<FeedsMessage>(options, ({ delaySeconds }) => delaySeconds);

/** `enrichQueueUrl`: the queue for hooks, only where a feed has one. */
type WakeUpOptions = SqsOptions & { enrichQueueUrl?: string | undefined };

/**
 * Sends wake-ups; throws like `sqsSendFeeds`. Those for a hook go to its queue, grouped by feed, so that SQS delays the
 * messages of a feed with many before those of others (fair queues:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html). Without that queue
 * they are not sent, because the sweep moves their rows on.
 */
export const sqsSendWakeUps =
  ({ enrichQueueUrl, ...options }: WakeUpOptions): SendWakeUps =>
  async (messages, delaySeconds) => {
    const delayOf = () => delaySeconds;
    const asks = messages.filter(({ enrich }) => enrich !== undefined);
    const drafts = messages.filter(({ enrich }) => enrich === undefined);
    await sendAll<WakeUp>(options, delayOf)(drafts);
    if (enrichQueueUrl === undefined) return;
    await sendAll<WakeUp>({ ...options, queueUrl: enrichQueueUrl }, delayOf, ({ enrich }) => enrich)(asks);
  };

const counts = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

/** Counts waiting, in-flight and delayed messages; throws like `sqsSendFeeds`. */
export const sqsCountWakeUps =
  ({ client, queueUrl }: SqsOptions): CountWakeUps =>
  async () => {
    const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...counts] });
    const { Attributes = {} } = await guarded(queueUrl, client.send(command));
    return counts.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
  };
