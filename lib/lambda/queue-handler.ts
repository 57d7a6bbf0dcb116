import type { SQSBatchResponse } from 'aws-lambda';
import * as v from 'valibot';
import type { Report } from '../core/events.ts';
import { once } from '../core/once.ts';
import type { Invocation } from '../core/ports.ts';
import { dispositionOf } from './disposition.ts';
import { edge, logError } from './edge.ts';
import { parse, unreadable } from './parse.ts';
import { telemetry } from './telemetry.ts';

const numeric = v.pipe(v.string(), v.transform(Number));

const Message = v.object({
  messageId: v.string(),
  body: v.string(),
  receiptHandle: v.string(),
  attributes: v.object({ ApproximateReceiveCount: numeric, SentTimestamp: numeric }),
});
type Message = v.InferOutput<typeof Message>;
const Batch = v.object({ Records: v.array(Message) });

/** How a message was received. */
type Received = {
  /** How often, this time included. */
  receiveCount: number;
  /** When it was queued, in epoch milliseconds. */
  sentAt: number;
  /** Names it while it is being processed. */
  receipt: string;
};
/** A job's input: the message, and how it was received. */
type Work<S extends v.GenericSchema> = v.InferOutput<S> & Received;
type Disposition = ReturnType<typeof dispositionOf>;

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // Without a cause, because the parser's message quotes the body.
    throw unreadable(`It is not JSON but ${text.length} characters of something else.`);
  }
};

const read = <S extends v.GenericSchema>(schema: S, { body, attributes, receiptHandle }: Message): Work<S> =>
  Object.assign(parse(schema, json(body), unreadable) as object, {
    receiveCount: attributes.ApproximateReceiveCount,
    sentAt: attributes.SentTimestamp,
    receipt: receiptHandle,
  } satisfies Received) as Work<S>;

const oneByOne = async (messages: Message[], work: (message: Message) => Promise<Disposition>) => {
  const fates: Disposition[] = [];
  for (const message of messages) fates.push(await work(message));
  return fates;
};

const allAtOnce = (messages: Message[], work: (message: Message) => Promise<Disposition>) =>
  Promise.all(messages.map(work));

const failure = ({ messageId, attributes }: Message, error: unknown): Disposition => {
  const disposition = dispositionOf(error);
  logError(telemetry(), error, {
    messageId,
    receiveCount: attributes.ApproximateReceiveCount,
    fate: disposition,
  });
  if (disposition === 'again') telemetry().count('MessagesFailed');
  return disposition;
};

/** Logs the result of a batch in one line, and returns the IDs to redeliver. */
const response = (messages: Message[], fates: Disposition[]): SQSBatchResponse => {
  const failed = messages.filter((_, index) => fates[index] === 'again');
  const { log, measured } = telemetry();
  log.info('batch.done', { messages: messages.length, failed: failed.length, measured: measured() });
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};

/**
 * A function that processes an SQS batch and returns which messages to redeliver. A message that cannot be read fails
 * alone, until it becomes a dead letter. A job that returns `again` has made its message come again later. Messages are processed one after the other to keep a rate; with `together`,
 * concurrently.
 */
export const queueHandler = <S extends v.GenericSchema, Services>(
  schema: S,
  job: (services: Services) => (message: Work<S>, invocation: Invocation) => Promise<unknown>,
  services: (report: Report) => Services,
  { together = false } = {},
) => {
  const each = together ? allAtOnce : oneByOne;
  const run = once(() => job(services(telemetry().report))); // a job may keep state between messages

  return edge<unknown, SQSBatchResponse>(async (event, invocation) => {
    const { Records: messages } = parse(Batch, event);
    const work = run();
    const fates = await each(messages, async (message) => {
      try {
        return (await work(read(schema, message), invocation)) === 'again' ? 'again' : 'done';
      } catch (error) {
        return failure(message, error);
      }
    });
    return response(messages, fates);
  });
};
