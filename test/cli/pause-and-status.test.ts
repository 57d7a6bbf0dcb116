import { describe, expect, it } from 'vitest';
import { configOf } from '../support/cli.ts';
import { cliWithRows, json } from '../support/cli-with-rows.ts';
import { feedOf } from '../support/entries.ts';
import { webhookOf } from '../support/hook-world.ts';

const { target, cli, put } = cliWithRows();

describe('pause and resume', () => {
  it('mention a feed that is paused in feeds.yml', async () => {
    target().config = () => configOf([feedOf({ paused: true })]);
    const words =
      'Feed newsroom is paused in feeds.yml (paused: true). It is neither polled nor posted until you remove that.';

    const resumed = await cli('resume --feed newsroom');
    const paused = await cli('pause --feed newsroom');
    const again = await cli('resume --feed newsroom --json');

    expect(resumed).toMatchObject({ code: 0, out: `${words}\n` });
    expect(paused.out).toMatch(/^Feed newsroom is paused\. New entries wait/);
    expect(paused.out.endsWith(`${words}\n`)).toBe(true);
    expect(json(again)).toEqual({
      scope: 'feed/newsroom',
      resumed: true,
      still: [],
      pausedInFile: true,
    });
  });

  it('refuse a brand that no feed posts to, and list the brands', async () => {
    const { code, err } = await cli('pause --brand 999');

    expect(code).toBe(4);
    expect(err).toContain('No feed or webhook posts to brand 999. Brands in feeds.yml: 144.');
    expect(target().stores.circuits.stored.size).toBe(0);
  });

  it('apply to a webhook without a feed as well', async () => {
    const webhook = webhookOf({ id: 'blog', hasFeed: false }, { id: 'blog' });
    target().config = () => ({ ...configOf(), webhooks: [webhook] });

    const paused = await cli('pause --feed blog');
    const resumed = await cli('resume --feed blog');

    expect(paused).toMatchObject({ code: 0, out: expect.stringContaining('Feed blog is paused') });
    expect(resumed.code).toBe(0);
  });

  it.each([
    ['', 'all', 'Posting'],
    [' --brand 144', 'brand/144', 'Brand 144'],
    [' --feed newsroom', 'feed/newsroom', 'Feed newsroom'],
  ])('apply to one scope:%s', async (option, scope, words) => {
    const paused = await cli(`pause${option}`);
    const rows = [...target().stores.circuits.stored.values()];
    const resumed = await cli(`resume${option} --json`);

    expect(paused.out).toContain(`${words} is paused.`);
    expect(rows).toMatchObject([{ scope, by: 'person' }]);
    expect(json(resumed)).toEqual({ scope, resumed: true, still: [], pausedInFile: false });
    expect(target().stores.circuits.stored.size).toBe(0);
  });

  it('resume names a pause of a brand, which it does not end', async () => {
    await cli('pause --brand 144');

    const { out } = await cli('resume');

    expect(out).toMatch(
      /^Posting was not paused\.\nBrand 144: posting paused by ada since .* Resume it: .* resume --brand 144$/m,
    );
  });

  it('show what else still blocks a feed', async () => {
    await cli('pause');
    await cli('pause --feed newsroom');

    const { out } = await cli('resume --feed newsroom');

    expect(out).toContain('Nothing is sent yet. Posting paused by ada since');
  });

  it.each([
    ['an unknown feed', 'pause --feed x', 4],
    ['two scopes', 'pause --feed newsroom --brand 1', 2],
  ])('refuse %s', async (_, line, code) => {
    expect((await cli(line)).code).toBe(code);
    expect(target().stores.circuits.stored.size).toBe(0);
  });
});

describe('status', () => {
  it('shows everything on one page', async () => {
    put({ key: 'a', state: 'held' });
    await cli('pause --brand 144');
    await target().feedStore.saveTick({ rev: 1, lastTick: 9_000, brands: [] });

    const { code, out } = await cli('status');

    expect(code).toBe(0);
    expect(out).toMatch(/^here {2}last tick 1 s ago\n/);
    expect(out).toContain('newsroom  never polled  never         never        in 50 s    not polled yet');
    expect(out).toMatch(/^feed +health +last success +last change +next poll +reason$/m);
    expect(out).toMatch(/^Entries +1 held$/m);
    expect(out).toContain(
      'Brand 144: posting paused by ada since 1 Jan 1970, 00:00 UTC. Resume it: npm run -s cli -- resume --brand 144',
    );
    expect(out).toMatch(
      /^1 entry held: .*\n {2}Open each entry, then release or dismiss it\. npm run -s cli -- list --state held$/m,
    );
  });

  it.each([
    ['there was no recent tick', true, 'no feed is being polled'],
    ['nothing is running', false, 'not running: start it with npm start'],
  ])('warns when %s', async (_, isRunning, words) => {
    target().isRunning = isRunning;

    expect((await cli('status', { clock: () => 9e6 })).out).toContain(words);
  });

  it('prints the same as JSON, with ISO 8601 times', async () => {
    expect(json(await cli('status --json'))).toEqual({
      target: 'here',
      running: true,
      alerts: [],
      at: '1970-01-01T00:00:10.000Z',
      lastTick: null,
      feeds: [expect.objectContaining({ id: 'newsroom', nextPoll: '1970-01-01T00:01:00.000Z' })],
      ledger: {},
      needsAttention: 0,
      batches: [],
      possibleDuplicates: 0,
      oldestQueuedAt: null,
      webhooks: [],
      hostBackOffs: [],
      circuits: [],
      ratePerMinute: 1_000,
      queues: { feeds: 0, feedsDeadLetters: 0, drafts: 0, draftsDeadLetters: 0 },
      problems: [expect.objectContaining({ kind: 'ticks-stopped', since: null })],
    });
  });
});
