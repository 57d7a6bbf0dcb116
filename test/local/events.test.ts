import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../cli/program.ts';
import type { ChangeEvent } from '../../lib/core/change-events/change-event.ts';
import { runOnce } from '../../local/once.ts';
import { openStack, type Stack } from '../../local/stack.ts';
import { fakeTerminal } from '../support/cli.ts';
import { rssOf } from '../support/embedded-world.ts';
import { story } from '../support/entries.ts';
import { type LocalPublisher, localPublisher } from '../support/local-publisher.ts';

let dir: string;
let site: LocalPublisher;
let stories: number[];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'events-'));
  stories = [1];
  site = await localPublisher((_, response) => response.end(rssOf(stories.map((n) => story(n)))));
});
afterEach(async () => {
  await site[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
});

/** A program that takes events, with the secret that `npm start` drew, or fails. */
const startConsumer = async () => {
  const taken: ChangeEvent[] = [];
  const state = { isDown: false };
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (state.isDown) return response.writeHead(503).end();
    const { consumer } = JSON.parse(await readFile(join(dir, 'data', 'secrets.json'), 'utf8'));
    taken.push(new Webhook(consumer).verify(body, request.headers as Record<string, string>) as ChangeEvent);
    return response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    taken,
    state,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const started = async (url: string): Promise<Stack> => {
  const file = join(dir, 'feeds.yml');
  await writeFile(
    file,
    `feeds:
  newsroom: { url: "${site.origin}/feed.xml", allow_private: true, brand_id: 144, backfill: 1 }
events:
  allow_private: true
  web_addresses: [{ url: "${url}", secret_name: consumer }]
`,
  );
  const options = { once: true, json: true, config: file, target: { kind: 'sandbox' as const } };
  return openStack({ ...options, data: join(dir, 'data'), port: null }, () => {});
};

const statesOf = (taken: ChangeEvent[]) => taken.map(({ type }) => type);
const cli = async (line: string) => {
  const terminal = fakeTerminal({ clock: Date.now });
  const code = await runCli([...line.split(' '), '--data', join(dir, 'data')], terminal);
  return { code, ...terminal.heard };
};

describe('events on one machine', () => {
  it('reach a web address, signed, for each state that an entry passes', async () => {
    await using consumer = await startConsumer();
    const stack = await started(consumer.url);

    await runOnce(stack);
    const failed = stack.following.failed();
    await stack.close();

    expect(failed).toBe(false);
    expect(statesOf(consumer.taken).toSorted()).toEqual(['entry.drafted', 'entry.drafting', 'entry.queued']);
    const drafted = consumer.taken.find(({ type }) => type === 'entry.drafted');
    expect(drafted).toMatchObject({ feed: 'newsroom', stage: 'prod', draft_id: expect.any(Number) });
  });

  it('outlast the process while their address is down, and can be sent again', async () => {
    await using consumer = await startConsumer();
    consumer.state.isDown = true;
    const first = await started(consumer.url);
    await runOnce(first);
    await first.close();
    expect(consumer.taken).toEqual([]);

    consumer.state.isDown = false;
    const second = await started(consumer.url);
    const [present, dead] = [await cli('events replay --since 2020-01-01'), await cli('events replay')];
    await second.pump.untilIdle();
    await second.close();

    expect(present).toMatchObject({ code: 0, err: '', out: '1 event sent again.\n' });
    expect(dead).toMatchObject({ code: 0, out: 'No events were given up.\n' });
    expect(consumer.taken).toMatchObject([{ type: 'entry.drafted', replay: true, previous_state: null }]);
    expect(await hiddenIn(join(dir, 'data', 'deliveries'))).toBe(3); // the first tries, until half a minute is over
  });

  it('are none for an entry that is purged while it is stopped', async () => {
    await using consumer = await startConsumer();
    const first = await started(consumer.url);
    await runOnce(first);
    await first.close();
    const [entry] = consumer.taken;
    consumer.taken.length = 0;
    const dismissed = await cli(`purge ${entry && 'entry' in entry ? entry.entry : ''} --yes`);
    stories = [1, 2];

    const second = await started(consumer.url);
    await second.pump.untilIdle();
    await second.close();

    expect(dismissed.code).toBe(0);
    expect(consumer.taken).toEqual([]); // what is deleted is no event
  });
});

/** Messages in the stored queue, whether or not they are visible. */
const hiddenIn = async (folder: string): Promise<number> => {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(join(folder, 'fauxqs.db'), { readOnly: true });
  const { count } = database.prepare('SELECT count(*) AS count FROM sqs_messages').get() as { count: number };
  database.close();
  return count;
};
