import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { FeedsMessage, WakeUp } from '../../lib/core/polling/feed-message.ts';
import { createDraft } from '../../lib/jobs/draft/create-draft.ts';
import { ingestFeeds } from '../../lib/jobs/ingest/ingest-feeds.ts';
import { pollFeeds } from '../../lib/jobs/poll/poll-feeds.ts';
import { queueHandler } from '../../lib/lambda/queue-handler.ts';
import {
  type EmbeddedStack,
  type EmbeddedWorld,
  embeddedStack,
  embeddedWorld,
} from '../support/embedded-world.ts';
import { story } from '../support/entries.ts';
import { emptied, workOff } from '../support/event-source.ts';
import { type Printed, takePrinted } from '../support/printed.ts';

const ids = ['newsroom', 'poison', 'journal'];

let stack: EmbeddedStack;
let w: EmbeddedWorld;
let printed: Printed;
beforeAll(async () => {
  stack = await embeddedStack();
});
afterAll(() => stack.close());
beforeEach(async () => {
  w = await embeddedWorld(
    stack,
    ids.map((id) => ({ id })),
  );
  printed = takePrinted();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await w.close();
});

describe('a message that cannot be read', () => {
  it('becomes one dead letter, and other messages in its batch are processed once', async () => {
    await w.poll(['newsroom']);
    w.publish(
      Array.from({ length: 9 }, (_, i) => story(i)),
      'newsroom',
    );
    await w.poll(['newsroom']);
    const { drafts, draftsDeadLetters } = w.queues;
    await stack.client.send(new SendMessageCommand({ QueueUrl: drafts, MessageBody: 'no JSON at all' }));
    const handler = queueHandler(WakeUp, createDraft, () => w.services, { together: true });

    const batches = await workOff(stack.client, drafts, handler, 10);

    expect(batches.map((bodies) => bodies.length)).toEqual([10, 1, 1, 1, 1]);
    expect(await emptied(stack.client, draftsDeadLetters)).toEqual(['no JSON at all']);
    expect(await w.sums()).toEqual({ drafted: 9 });
    expect(w.posted()).toHaveLength(9);
  });
});

describe('a row that cannot be read', () => {
  it('is logged by key and left unchanged by worker, sweep and lists, while other rows are processed', async () => {
    await w.poll(['newsroom']);
    w.publish([story(1), story(2)], 'newsroom');
    await w.poll(['newsroom']);
    const [{ key } = { key: '' }] = await w.rows();
    const table = { TableName: w.tables.ledger, Key: { key: { S: key } } };
    await stack.tables.client.send(
      new UpdateItemCommand({
        ...table,
        UpdateExpression: 'SET attempts = :wrong',
        ExpressionAttributeValues: { ':wrong': { S: 'three' } },
      }),
    );
    const handler = queueHandler(WakeUp, createDraft, () => w.services, { together: true });
    const { Item: before } = await stack.tables.client.send(new GetItemCommand(table));

    await workOff(stack.client, w.queues.drafts, handler, 10);
    w.state.now += 3 * 60_000;
    await pollFeeds(w.services)({ scheduledAt: w.state.now }, w.call);
    await workOff(stack.client, w.queues.drafts, handler, 10);

    const { Item: after } = await stack.tables.client.send(new GetItemCommand(table));
    expect(after).toEqual(before);
    expect(printed.text()).toContain(`Ledger row ${key} cannot be read: attempts must be`);
    expect(w.events.filter(({ event }) => event === 'row.corrupt')).toContainEqual(
      expect.objectContaining({ key }),
    );
    expect(await w.sums()).toEqual({ drafted: 1 });
    expect(await emptied(stack.client, w.queues.draftsDeadLetters)).toEqual([]);
  });
});

describe('a row that makes the worker throw', () => {
  it('fails its message once and waits with the error, without a dead letter', async () => {
    await w.poll(['newsroom']);
    w.publish([story(1), story(2)], 'newsroom');
    await w.poll(['newsroom']);
    const [{ key } = { key: '' }] = await w.rows();
    const { replace } = w.services.ledger;
    w.services.ledger.replace = async (row) => {
      if (row.key === key && row.type === 'entry' && row.state === 'drafting') throw new TypeError('a bug');
      return replace(row);
    };
    const handler = queueHandler(WakeUp, createDraft, () => w.services, { together: true });

    const batches = await workOff(stack.client, w.queues.drafts, handler, 10);

    expect(batches.map((bodies) => bodies.length)).toEqual([2, 1]);
    expect(await emptied(stack.client, w.queues.draftsDeadLetters)).toEqual([]);
    expect(await w.sums()).toEqual({ drafted: 1, queued: 1 });
    const row = (await w.rows()).find((one) => one.key === key);
    expect(row?.history.at(-1)).toMatchObject({ code: 'draft.not-begun', detail: 'a bug' });
  });
});

describe('a feed that kills its worker', () => {
  it('is split from other feeds, which are polled, and becomes a dead letter of its own', async () => {
    for (const id of ids) w.publish([story(id)], id);
    const { feeds, feedsDeadLetters } = w.queues;
    await w.services.sendFeeds([{ feeds: ids }]);
    const poll = queueHandler(FeedsMessage, ingestFeeds, () => w.services);
    const polls: string[][] = [];

    await workOff(
      stack.client,
      feeds,
      async (event, context) => {
        const { Records } = event as {
          Records: { body: string; attributes: { ApproximateReceiveCount: string } }[];
        };
        const [first] = Records.map(({ body }) => (JSON.parse(body) as FeedsMessage).feeds);
        const isSplit =
          Number(Records[0]?.attributes.ApproximateReceiveCount) > 1 && (first?.length ?? 0) > 1;
        polls.push(first ?? []);
        // The process ends before any of its feeds is saved; one that only splits the message survives.
        if (first?.includes('poison') && !isSplit) throw new Error('killed');
        return poll(event, context);
      },
      1,
    );

    expect(await emptied(stack.client, feedsDeadLetters)).toEqual(['{"feeds":["poison"]}']);
    expect(polls.slice(0, 2)).toEqual([ids, ids]);
    expect(polls.filter((one) => one.join() === 'poison')).toHaveLength(5);
    const saved = await Promise.all(ids.map(async (id) => (await w.services.feedStore.read(id)) !== null));
    expect(saved).toEqual([true, false, true]);
    expect(await w.sums()).toEqual({ baselined: 2 });
  });
});
