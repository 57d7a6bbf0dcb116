import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunResult } from '../../local/run-record.ts';
import { runFixture, token } from '../support/run-fixture.ts';

const { data, onceAsJson, publisherOf, configFor, sandboxWith } = runFixture();

const byPostId = (drafts: RunResult['drafts']) =>
  drafts.map(({ postId, post }) => ({ postId, post })).sort((a, b) => Number(a.postId) - Number(b.postId));

/** The posts in the sandbox's file, as received. */
const keptInSandbox = async () => {
  const lines = (await readFile(join(data(), 'sandbox.jsonl'), 'utf8')).trim().split('\n');
  const kept = lines.map((line) => JSON.parse(line) as { id: number; raw: string });
  return kept.map(({ id, raw }) => ({ postId: id, post: JSON.parse(raw) }));
};

/** Which functions wrote which kinds of log lines. */
const functionsInLog = async () => {
  const log = (await readFile(join(data(), 'log.jsonl'), 'utf8')).trim().split('\n');
  const lines = log.map((line) => JSON.parse(line) as { message?: string; function_name?: string });
  const named = lines.flatMap(({ message = '', function_name }) =>
    /^(tick|sweep|poll|draft)\./.test(message) ? [`${message.split('.')[0]} ${function_name}`] : [],
  );
  return [...new Set(named)].toSorted();
};

describe('a local run', () => {
  test('drafts each demo feed’s newest story once, and logs each line under its function', async () => {
    const first = await onceAsJson();
    const second = await onceAsJson();

    const feeds = ['newsroom', 'journal', 'clips', 'katalog'];
    const counts = { seen: 8, known: 0, baselined: 7, filtered: 0, held: 0, review: 0, queued: 1 };
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
    expect(await functionsInLog()).toEqual([
      'draft createDraft',
      'poll ingestFeeds',
      'sweep pollFeeds',
      'tick pollFeeds',
    ]);
  });

  test('sends posts to the given address with the given token, and stores the token nowhere', async () => {
    const sandbox = await sandboxWith('secret-1', [7]);
    const config = await configFor(await publisherOf('one', 'two', 'three'), ', backfill: 2');

    const result = await onceAsJson(['--config', config, '--dash-url', sandbox.url], token);

    const sent = sandbox.posts().map(({ raw }) => JSON.parse(raw));
    expect(result.feeds).toMatchObject([{ id: 'mine', seen: 3, baselined: 1, queued: 2 }]);
    expect(sent).toHaveLength(2);
    expect(sent).toEqual(expect.arrayContaining(result.drafts.map(({ post }) => post)));
    const files = await readdir(data(), { recursive: true, withFileTypes: true });
    for (const file of files.filter((one) => one.isFile()))
      expect(await readFile(join(file.parentPath, file.name), 'latin1')).not.toContain('secret-1');
  });
});
