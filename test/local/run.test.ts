import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runLive } from '../../local/live.ts';
import { parseOptions } from '../../local/options.ts';
import type { RunResult } from '../../local/run-record.ts';
import { startSandbox } from '../../local/sandbox/start-sandbox.ts';
import { openStack } from '../../local/stack.ts';
import { runHere } from '../support/local-run.ts';

let folder: string;
let data: string;
/** Closes what a test has opened, also when it fails. */
let closing: (() => unknown)[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-'));
  data = join(folder, 'data');
  closing = [];
});

afterEach(async () => {
  for (const close of closing) await close();
  await rm(folder, { recursive: true });
});

const token = { DASH_SOCIAL_TOKEN: 'secret-1' };

const runOver = (args: string[], env?: Record<string, string>) =>
  runHere(['--data', data, '--port', '0', ...args], env);

const onceAsJson = async (args: string[] = [], env: Record<string, string> = {}): Promise<RunResult> => {
  const { code, out, errors } = await runOver(['--once', '--json', ...args], env);
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  return JSON.parse(out);
};

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
};

const feedOf = (...titles: string[]): string =>
  `<rss version="2.0"><channel><title>Mine</title>${titles
    .map((title) => `<item><guid isPermaLink="false">${title}</guid><title>${title}</title></item>`)
    .join('')}</channel></rss>`;

/** A feeds.yml with one feed, `mine`. */
const configFor = async (port: number, settings = ''): Promise<string> => {
  const file = join(folder, 'feeds.yml');
  const feed = `{ url: "http://127.0.0.1:${port}/feed.xml", allow_private: true, brand_id: 7${settings} }`;
  await writeFile(file, `feeds:\n  mine: ${feed}\n`);
  return file;
};

const threeEntries = () =>
  listening(createServer((_, response) => response.end(feedOf('one', 'two', 'three'))));

const sandboxWith = async (tokenOfIt: string, brands: number[]) => {
  const sandbox = await startSandbox({ token: tokenOfIt, brands });
  closing.push(sandbox.close);
  return sandbox;
};

const byPostId = (drafts: RunResult['drafts']) =>
  drafts.map(({ postId, post }) => ({ postId, post })).sort((a, b) => Number(a.postId) - Number(b.postId));

/** What the sandbox has on disk, each post as the request's body was. */
const keptInSandbox = async () => {
  const lines = (await readFile(join(data, 'sandbox.jsonl'), 'utf8')).trim().split('\n');
  const kept = lines.map((line) => JSON.parse(line) as { id: number; raw: string });
  return kept.map(({ id, raw }) => ({ postId: id, post: JSON.parse(raw) }));
};

describe('a run on a laptop', { timeout: 60_000 }, () => {
  test('drafts the newest story of each feed of the demo, and none of them again the next time', async () => {
    const first = await onceAsJson();
    const second = await onceAsJson();

    const feeds = ['newsroom', 'journal', 'clips', 'katalog'];
    const counts = { seen: 8, known: 0, baselined: 7, filtered: 0, held: 0, queued: 1 };
    expect(first.feeds).toEqual(feeds.map((id) => ({ id, ...counts })));
    expect(first.ledger).toEqual({ baselined: 28, drafted: 4 });
    expect(first.drafts.map(({ feed }) => feed).sort()).toEqual(feeds.toSorted());
    expect(first.drafts.find(({ feed }) => feed === 'katalog')?.post).toMatchObject({
      brand_id: 144,
      status: 'DRAFT',
      auto_publish: false,
      creation_source: 'RSS_FEED',
      text: expect.stringMatching(/^(Die|Der|Das) .*: gemacht für /),
    });
    expect(byPostId(first.drafts)).toEqual(await keptInSandbox());
    expect(second.drafts).toEqual([]);
    expect(second.ledger).toEqual(first.ledger);
  });

  test('logs each line under the name of the function that wrote it, whatever runs at the same time', async () => {
    await onceAsJson();

    const log = (await readFile(join(data, 'log.jsonl'), 'utf8')).trim().split('\n');
    const lines = log.map((line) => JSON.parse(line) as { message?: string; function_name?: string });
    const named = lines.flatMap(({ message = '', function_name }) =>
      /^(tick|sweep|poll|draft)\./.test(message) ? [`${message.split('.')[0]} ${function_name}`] : [],
    );
    expect([...new Set(named)].toSorted()).toEqual([
      'draft createDraft',
      'poll ingestFeeds',
      'sweep pollFeeds',
      'tick pollFeeds',
    ]);
  });

  test("sends a user's posts where it is told and with the token it is given, which it keeps nowhere", async () => {
    const sandbox = await sandboxWith('secret-1', [7]);
    const config = await configFor(await threeEntries(), ', backfill: 2');

    const result = await onceAsJson(['--config', config, '--dash-url', sandbox.url], token);

    const sent = sandbox.posts().map(({ raw }) => JSON.parse(raw));
    expect(result.feeds).toMatchObject([{ id: 'mine', seen: 3, baselined: 1, queued: 2 }]);
    expect(sent).toHaveLength(2);
    expect(sent).toEqual(expect.arrayContaining(result.drafts.map(({ post }) => post)));
    const files = await readdir(data, { recursive: true, withFileTypes: true });
    for (const file of files.filter((one) => one.isFile()))
      expect(await readFile(join(file.parentPath, file.name), 'latin1')).not.toContain('secret-1');
  });

  test('says in words what was there already, and how to try it', async () => {
    const config = await configFor(await threeEntries());

    const { code, out } = await runOver(['--once', '--config', config]);

    expect(out).toMatch(/^mine +3 entries: 3 already there$/m);
    expect(out).toMatch(
      /^0 drafts: 3 entries were already there; .*npm run -s cli -- backfill mine --last 1 --data \S+data$/m,
    );
    expect(out).toMatch(/^ledger: 3 baselined$/m);
    expect(code).toBe(0);
  });

  test('names with an alert what it is, and has what is to be typed look into its own folder', async () => {
    const broken = await listening(createServer((_, response) => response.writeHead(500).end()));
    const config = await configFor(await threeEntries(), ', backfill: 1, when_uncertain: park');
    await appendFile(config, 'alerts: { slack: team }\n');

    const { code, out } = await runOver(
      ['--once', '--config', config, '--dash-url', `http://127.0.0.1:${broken}`],
      token,
    );

    expect(out).toMatch(
      /^alert uncertain-parked: 1 entry of mine may or may not be .*npm run -s cli -- list --state uncertain --feed mine --data \S+data$/m,
    );
    expect(out).toMatch(
      /^an alert could not be sent to slack: There is nothing under team .* secret set team --data \S+data$/m,
    );
    expect(code).toBe(0); // an entry that waits for a person is no failure of the run
  });

  test('says of one entry that it was already there', async () => {
    const one = await listening(createServer((_, response) => response.end(feedOf('one'))));

    const { out } = await runOver(['--once', '--config', await configFor(one)]);

    expect(out).toMatch(/^0 drafts: 1 entry was already there; /m);
  });

  test('says of a file without feeds what to do', async () => {
    const config = join(folder, 'feeds.yml');
    await writeFile(config, 'feeds:\n');

    const { code, out } = await runOver(['--once', '--config', config]);

    expect(out).toContain(
      `${config} names none: write one under feeds:, or let npm run -s cli -- init --config ${config} do it`,
    );
    expect(code).toBe(0);
  });

  test('ends well, and says so, when a feed cannot be read', async () => {
    const { feeds } = await onceAsJson(['--config', await configFor(9999)]);

    expect(feeds).toMatchObject([{ id: 'mine', seen: 0, error: { code: expect.stringMatching(/^feed\./) } }]);
  });

  test('leaves a paused feed alone', async () => {
    const { feeds, ledger } = await onceAsJson(['--config', await configFor(9999, ', paused: true')]);

    expect(feeds).toEqual([{ id: 'mine', seen: 0, known: 0, baselined: 0, filtered: 0, held: 0, queued: 0 }]);
    expect(ledger).toEqual({});
  });

  test('ends with 1 when the token is refused', async () => {
    const sandbox = await sandboxWith('another', [144]);

    const { code, out, errors } = await runOver(['--once', '--dash-url', sandbox.url], token);

    expect(out).toMatch(/^nothing is posted \(all\): unauthorized/m);
    expect(out + errors).not.toContain('secret-1');
    expect(code).toBe(1);
  });

  test('warns when drafts go elsewhere than those which the ledger tells of', async () => {
    const sandbox = await sandboxWith('secret-1', [144]);
    await onceAsJson();

    const { code, errors } = await runOver(['--once', '--json', '--dash-url', sandbox.url], token);

    expect(errors).toMatch(/^The ledger in .* was kept while drafts went to the sandbox: .*--data/);
    expect(code).toBe(0);
  });

  test('drafts each story that the demo publishes while it runs, once', async () => {
    const quit = new AbortController();
    const stack = await openStack(parseOptions(['--data', data, '--port', '0'], {}), () => {});
    closing.push(stack.close);
    let idle = 0;
    const onIdle = async () => {
      idle += 1;
      if (idle === 7) quit.abort();
    };

    await runLive(stack, { signal: quit.signal, onIdle, publishEveryMs: 50 });

    const { drafts, ledger } = await stack.following.result();
    const captions = drafts.map(({ post }) => post.text);
    expect(drafts.length).toBeGreaterThanOrEqual(4 + 5);
    expect(new Set(captions).size).toBe(drafts.length);
    expect(ledger).toEqual({ baselined: 28, drafted: drafts.length });
  });
});
