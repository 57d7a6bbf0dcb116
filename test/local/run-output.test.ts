import { appendFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import { runLive } from '../../local/live.ts';
import { parseOptions } from '../../local/options.ts';
import { openStack } from '../../local/stack.ts';
import { runFixture, token } from '../support/run-fixture.ts';

const { file, data, keep, listening, runOver, onceAsJson, publisherOf, configFor, sandboxWith } =
  runFixture();

describe('the output of a local run', () => {
  test('shows existing entries and the command to try one', async () => {
    const config = await configFor(await publisherOf('one', 'two', 'three'));

    const { code, out } = await runOver(['--once', '--config', config]);

    expect(out).toMatch(/^mine +3 entries: 3 existing$/m);
    expect(out).toMatch(
      /^0 drafts: 3 entries were already on the feed\. .*npm run -s cli -- backfill mine --last 1 --data \S+data$/m,
    );
    expect(out).toMatch(/^ledger: 3 baselined$/m);
    expect(code).toBe(0);
  });

  test('shows alerts with commands for its own data folder', async () => {
    const broken = await listening(createServer((_, response) => response.writeHead(500).end()));
    const config = await configFor(
      await publisherOf('one', 'two', 'three'),
      ', backfill: 1, when_uncertain: park',
    );
    await appendFile(config, 'alerts: { slack: team }\n');

    const { code, out } = await runOver(
      ['--once', '--config', config, '--dash-url', `http://127.0.0.1:${broken}`],
      token,
    );

    expect(out).toMatch(
      /^alert outcome-unknown: 1 entry of mine has an unknown outcome.*npm run -s cli -- list --state uncertain --feed mine --data \S+data$/m,
    );
    expect(out).toMatch(
      /^an alert could not be sent to slack: No secret team is stored\. .* secret set team --data \S+data$/m,
    );
    expect(code).toBe(0); // an entry that needs review is not a failure of the run
  });

  test('uses the singular for one existing entry', async () => {
    const config = await configFor(await publisherOf('one'));

    const { out } = await runOver(['--once', '--config', config]);

    expect(out).toMatch(/^0 drafts: 1 entry was already on the feed\. /m);
  });

  test('shows how to add feeds when the file has none', async () => {
    const config = file('feeds.yml');
    await writeFile(config, 'feeds:\n');

    const { code, out } = await runOver(['--once', '--config', config]);

    expect(out).toContain(
      `${config} has no feeds: add one below feeds:, or run npm run -s cli -- init --config ${config}`,
    );
    expect(code).toBe(0);
  });

  test('ends with 0 and the error when a feed cannot be read', async () => {
    const { feeds } = await onceAsJson(['--config', await configFor(9999)]);

    expect(feeds).toMatchObject([{ id: 'mine', seen: 0, error: { code: expect.stringMatching(/^feed\./) } }]);
  });

  test('does not poll a paused feed', async () => {
    const { feeds, ledger } = await onceAsJson(['--config', await configFor(9999, ', paused: true')]);

    expect(feeds).toEqual([
      { id: 'mine', seen: 0, known: 0, baselined: 0, filtered: 0, held: 0, review: 0, queued: 0 },
    ]);
    expect(ledger).toEqual({});
  });

  test('ends with 1 when the token is refused', async () => {
    const sandbox = await sandboxWith('another', [144]);

    const { code, out, errors } = await runOver(['--once', '--dash-url', sandbox.url], token);

    expect(out).toMatch(/^posting stopped: Dash Social refuses the token/m);
    expect(out + errors).not.toContain('secret-1');
    expect(code).toBe(1);
  });

  test('warns when the ledger’s drafts went to another target', async () => {
    const sandbox = await sandboxWith('secret-1', [144]);
    await onceAsJson();

    const { code, errors } = await runOver(['--once', '--json', '--dash-url', sandbox.url], token);

    expect(errors).toMatch(/^The ledger in .* is from runs whose drafts went to the sandbox\. .*--data/);
    expect(code).toBe(0);
  });

  test('drafts each story that the demo publishes while it runs, once', async () => {
    const quit = new AbortController();
    const stack = await openStack(parseOptions(['--data', data(), '--port', '0'], {}), () => {});
    keep(stack.close);
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
