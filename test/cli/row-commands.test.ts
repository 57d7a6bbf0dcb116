import { beforeEach, describe, expect, it } from 'vitest';
import { toStoredEntry } from '../../lib/core/entries/stored-entry.ts';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { cliOver, configOf, type FakeTarget, fakeTarget, type Ran, type Sitting } from '../support/cli.ts';
import { feedOf, story } from '../support/entries.ts';
import { webhookOf } from '../support/hook-world.ts';
import { anEntryRow } from '../support/store-rows.ts';

let target: FakeTarget;
let cli: (line: string, sitting?: Sitting) => Promise<Ran>;

const put = (...rows: Partial<EntryRow>[]) => {
  for (const given of rows) {
    const row = anEntryRow({ wakeAt: null, ...given });
    target.stores.ledger.rows.set(row.key, row);
  }
};
const stateOf = (key: string) => (target.stores.ledger.rows.get(key) as EntryRow).state;
const json = (ran: Ran) => JSON.parse(ran.out);

beforeEach(() => {
  target = fakeTarget();
  cli = cliOver(target);
});

describe('list', () => {
  it('prints tab-separated rows without a terminal, newest first', async () => {
    put({ key: 'a', seenAt: 1_000 }, { key: 'b', seenAt: 2_000, state: 'held', title: null });

    const { code, out } = await cli('list');

    expect({ code, out }).toEqual({
      code: 0,
      out: [
        'held\tnewsroom\t1 Jan 1970, 00:00 UTC\tb\tentry.new\tDie Brücke 🌉 ist auf',
        'queued\tnewsroom\t1 Jan 1970, 00:00 UTC\ta\tentry.new\tA bridge is opened',
        '',
      ].join('\n'),
    });
  });

  it('shows only possible duplicates with --possible-duplicates, with their known IDs', async () => {
    put(
      { key: 'one', state: 'drafted', postId: 4 },
      { key: 'two', state: 'drafted', postId: 5, alsoPosted: [6], mayBeTwice: 1, seenAt: 2_000 },
      { key: 'none', state: 'drafted', postId: null, mayBeTwice: 1, seenAt: 1_000 },
      { key: 'checked', state: 'drafted', postId: 7, mayBeTwice: 1, checkedAt: 1 },
    );

    const { out } = await cli('list --possible-duplicates');
    const asJson = json(await cli('list --possible-duplicates --json'));
    const status = json(await cli('status --json'));
    const doctor = json(await cli('doctor --json'));

    const lines = out.split('\n').filter(Boolean);
    expect(lines.map((line) => line.split('\t').slice(3, 6))).toEqual([
      ['two', 'entry.new', '5, 6'],
      ['none', 'entry.new', 'unknown'],
    ]);
    expect(asJson).toMatchObject({ total: 2, entries: [{ alsoPosted: [6], possibleDuplicate: true }, {}] });
    expect(status.possibleDuplicates).toBe(2);
    expect(doctor.checks).toContainEqual(
      expect.objectContaining({ check: '2 possible duplicates', state: 'failed' }),
    );

    await cli('confirm two none');

    expect(json(await cli('status --json')).possibleDuplicates).toBe(0);
  });

  it('prints columns with a header on a terminal, in colour, cut to its width', async () => {
    put({ key: 'a', state: 'held', title: `${'長い題名 '.repeat(40)}` });

    const { out } = await cli('list', { columns: 100, colour: true });

    const [head = '', row = ''] = out.split('\n');
    expect(head).toContain('\u001B[2mfirst seen');
    expect(row).toContain('\u001B[33mheld');
    expect(row.endsWith('…')).toBe(true);
  });

  it('strips control characters from feed text', async () => {
    put({ title: 'a\u001B]0;owned\u0007b\u001B[2J\rc\u009B31md\u202Ee\u2028f\nheld\tfake' });

    const words = await cli('list', { columns: 100 });
    const piped = await cli('list');
    const asJson = await cli('list --json');

    for (const { out } of [words, piped, asJson])
      expect(out.replaceAll(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\u202E\u2028]/u);
    expect(piped.out.split('\n')).toHaveLength(2);
    expect(piped.out.split('\t')).toHaveLength(6);
    expect(json(asJson).entries[0].title).toContain('\u009B31md\u202E');
  });

  it('filters, limits and counts', async () => {
    put({ key: 'a', state: 'held' }, { key: 'b', state: 'held', feed: 'x' }, { key: 'c' }, { key: 'd' });

    expect(json(await cli('list --state held --json')).entries).toHaveLength(2);
    expect(json(await cli('list --feed x --json')).entries).toMatchObject([{ key: 'b', state: 'held' }]);
    expect(json(await cli('list --limit 1 --json'))).toMatchObject({ total: 4, entries: [{}] });
    expect((await cli('list --limit 1')).out).toContain('1 of 4');
    expect((await cli('list --state rejected')).out).toBe('No entries.\n');
  });

  it.each([
    ['an unknown state', 'list --state hold', 2, /Allowed choices are baselined/],
    ['a limit that is not a number', 'list --limit many', 2, /whole number/],
    ['an unknown feed', 'list --feed nwsroom', 4, /There is no feed nwsroom. Feeds: newsroom/],
  ])('refuses %s', async (_, line, expected, message) => {
    const { code, out, err } = await cli(line);

    expect({ code, out }).toEqual({ code: expected, out: '' });
    expect(err).toMatch(message);
  });
});

describe('explain', () => {
  it('shows an entry’s state, reasons and allowed moves', async () => {
    put({
      key: 'k1',
      state: 'uncertain',
      mayBeTwice: 1,
      errors: { text: ['too \u001B[31mlong'] },
      history: [
        { at: 1_000, state: 'queued', code: 'entry.new' },
        { at: 2_000, state: 'uncertain', code: 'dash.timeout', detail: 'no answer' },
      ],
    });

    const { code, out } = await cli('explain https://www.example.com/bridge');

    expect(code).toBe(0);
    expect(out).toContain('unknown outcome: The response was lost, so the draft may or may not exist.');
    expect(out).toContain('! There may be 2 drafts of it');
    expect(out).toMatch(/00:00 UTC {2}New on the feed\.\n.*00:00 UTC {2}No answer\./);
    expect(out).toContain('Errors from Dash Social: {"text":["too \\u001b[31mlong"]}');
    expect(out).toContain('You can retry, dismiss or confirm it: npm run -s cli -- retry k1');
  });

  it('prints the same as JSON, with the post as sent', async () => {
    put({ key: 'k1', state: 'drafted', postId: 9 });

    expect(json(await cli('explain 9 --json')).entries).toMatchObject([
      {
        key: 'k1',
        state: 'drafted',
        postId: 9,
        post: { text: 'Die Brücke 🌉 ist auf', creation_source: 'RSS_FEED' },
        history: [
          { at: '1970-01-01T00:00:01.000Z', code: 'entry.new', text: expect.stringContaining('New') },
        ],
        moves: [],
      },
    ]);
  });

  it('shows a waiting entry’s current post when feeds.yml has changed since', async () => {
    target.stores.ledger.entries.set('kept-a', { stored: toStoredEntry(story(1)), until: 9e15 });
    put({ key: 'k1', storedAs: 'kept-a' }, { key: 'k2', state: 'drafted', storedAs: 'kept-a' });

    const waits = await cli('explain k1');
    const sent = await cli('explain k2');

    expect(waits.out).toContain('! The settings in feeds.yml have changed since it was registered');
    expect(waits.out).toMatch(/caption by +the template of feed newsroom/);
    expect(waits.out).toMatch(/caption\n {2}Story 1/);
    expect(json(await cli('explain k1 --json')).entries).toMatchObject([
      {
        captionBy: 'newsroom/feed',
        post: { text: 'Story 1' },
        also: [expect.stringContaining('have changed')],
      },
    ]);
    expect(sent.out).toMatch(/caption\n {2}Die Brücke/);
    expect(sent.out).not.toContain('has changed');
  });

  it('shows which feed’s or webhook’s template made the caption', async () => {
    put({ key: 'k1', rendering: { by: 'blog/hook', from: '00' } });

    expect((await cli('explain k1')).out).toMatch(/caption by +the template of webhook blog/);
  });

  it('ends with 4 for an unknown entry, also with --json', async () => {
    const words = await cli('explain nothing');
    const asJson = await cli('explain nothing --json');

    expect(words).toMatchObject({ code: 4, out: '', err: expect.stringContaining('no entry nothing') });
    expect(asJson).toMatchObject({ code: 4, err: '' });
    expect(json(asJson)).toEqual({ error: { code: 'entry.unknown', message: expect.any(String) } });
  });
});

describe('a move', () => {
  it('applies to the named entries at once', async () => {
    put({ key: 'a', state: 'held' }, { key: 'b', state: 'baselined' }, { key: 'c', state: 'held' });

    const { code, out } = await cli('release a b');

    expect({ code, a: stateOf('a'), b: stateOf('b'), c: stateOf('c') }).toEqual({
      code: 0,
      a: 'queued',
      b: 'queued',
      c: 'held',
    });
    expect(out).toContain('2 entries released.');
    expect(target.stores.queues.wakeUps).toHaveLength(2);
  });

  it('reports each entry that is not moved, with its state and allowed moves, and ends with 1', async () => {
    put({ key: 'a', state: 'held' }, { key: 'b', state: 'drafted' });

    const { code, out } = await cli('retry a b');

    expect(code).toBe(1);
    expect(out).toContain('a is held, so you cannot retry it. You can release or dismiss it.');
    expect(out).toContain('b is drafted, so you cannot retry it');
    expect(out).toContain('0 entries queued again, 2 unchanged.');
    expect((await cli('retry a')).out).toContain('0 entries queued again, 1 unchanged.');
    expect((await cli('retry a --dry-run')).out).toContain('1 unchanged; nothing was done.');
  });

  it('reports when no entry matches', async () => {
    put({ key: 'a', state: 'drafted' });

    const { code, out } = await cli('retry --feed newsroom --yes');

    expect({ code, out }).toEqual({ code: 0, out: 'No entries found; nothing was done.\n' });
  });

  it('only lists with --dry-run', async () => {
    put({ key: 'a', state: 'held' });

    const { code, out } = await cli('release a --dry-run --json');

    expect({ code, state: stateOf('a') }).toEqual({ code: 0, state: 'held' });
    expect(JSON.parse(out)).toMatchObject({
      move: 'release',
      dryRun: true,
      done: 1,
      refused: 0,
      entries: [{ key: 'a', from: 'held', to: 'queued', refusal: null, text: 'Die Brücke 🌉 ist auf' }],
    });
  });

  it('with a filter lists the entries, asks, and does nothing without confirmation', async () => {
    put({ key: 'a', state: 'held' }, { key: 'b', state: 'held' });

    const no = await cli('release --state held', { answer: '' });
    const after = stateOf('a');
    const yes = await cli('release --state held', { answer: 'y' });

    expect(no).toMatchObject({ code: 0, out: expect.stringContaining('nothing was done') });
    expect(no.err).toContain('A bridge is opened');
    expect({ after, now: [stateOf('a'), stateOf('b')], code: yes.code }).toEqual({
      after: 'held',
      now: ['queued', 'queued'],
      code: 0,
    });
  });

  it.each(['release --state held', 'release --feed newsroom --json'])(
    'requires --yes without a terminal: %s',
    async (line) => {
      put({ key: 'a', state: 'held' });

      const { code, out, err } = await cli(line);

      expect({ code, state: stateOf('a') }).toEqual({ code: 2, state: 'held' });
      expect(out + err).toContain('confirm with --yes');
    },
  );

  it('with --feed applies to entries that need a decision, never to existing ones', async () => {
    put({ key: 'a', state: 'held' }, { key: 'b', state: 'baselined' }, { key: 'c', state: 'filtered' });

    await cli('release --feed newsroom --yes');

    expect(['a', 'b', 'c'].map(stateOf)).toEqual(['queued', 'baselined', 'filtered']);
  });

  it('records the user and the draft they saw', async () => {
    put({ key: 'a', state: 'uncertain' });

    await cli('confirm a --post-id 1004');

    expect(target.stores.ledger.rows.get('a')).toMatchObject({
      state: 'drafted',
      postId: 1004,
      history: [{}, { code: 'move.confirm', detail: 'by ada' }],
    });
  });

  it('warns when nothing is running to send queued entries', async () => {
    target.isRunning = false;
    put({ key: 'a', state: 'held' });

    expect((await cli('release a')).out).toContain('they are sent once npm start runs again');
  });

  it.each([
    ['nothing', 'release', /Choose entries to release/],
    ['two choices', 'release a --state held', /but not both/],
    [
      'a state it does not work from',
      'retry --state held',
      /You cannot retry entries in state held, only rejected, uncertain/,
    ],
    ['one ID for two entries', 'confirm a b --post-id 4', /one entry, but 2 are chosen/],
    ['an invalid ID', 'confirm a --post-id x', /whole number/],
    ['an unknown command', 'relase a', /Did you mean release/],
    ['an unknown option', 'release a --dryrun', /Did you mean --dry-run/],
  ])('refuses %s, and changes nothing', async (_, line, message) => {
    put({ key: 'a', state: 'held' }, { key: 'b', state: 'uncertain' });

    const { code, err } = await cli(line);

    expect({ code, a: stateOf('a'), b: stateOf('b') }).toEqual({ code: 2, a: 'held', b: 'uncertain' });
    expect(err).toMatch(message);
  });

  it('closes its target, also after an error', async () => {
    put({ key: 'a', state: 'held' });

    await cli('release a');
    await cli('release nothing');

    expect(target.closed).toBe(2);
  });
});

describe('pause and resume', () => {
  it('mention a feed that is paused in feeds.yml', async () => {
    target.config = () => configOf([feedOf({ paused: true })]);
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
    expect(target.stores.circuits.stored.size).toBe(0);
  });

  it('apply to a webhook without a feed as well', async () => {
    const webhook = webhookOf({ id: 'blog', hasFeed: false }, { id: 'blog' });
    target.config = () => ({ ...configOf(), webhooks: [webhook] });

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
    const rows = [...target.stores.circuits.stored.values()];
    const resumed = await cli(`resume${option} --json`);

    expect(paused.out).toContain(`${words} is paused.`);
    expect(rows).toMatchObject([{ scope, by: 'person' }]);
    expect(json(resumed)).toEqual({ scope, resumed: true, still: [], pausedInFile: false });
    expect(target.stores.circuits.stored.size).toBe(0);
  });

  it('show what else still blocks a feed', async () => {
    await cli('pause');
    await cli('pause --feed newsroom');

    const { out } = await cli('resume --feed newsroom');

    expect(out).toContain('Nothing is sent yet. Posting paused since');
  });

  it.each([
    ['an unknown feed', 'pause --feed x', 4],
    ['two scopes', 'pause --feed newsroom --brand 1', 2],
  ])('refuse %s', async (_, line, code) => {
    expect((await cli(line)).code).toBe(code);
    expect(target.stores.circuits.stored.size).toBe(0);
  });
});

describe('status', () => {
  it('shows everything on one page', async () => {
    put({ key: 'a', state: 'held' });
    await cli('pause --brand 144');
    await target.feedStore.saveTick({ rev: 1, lastTick: 9_000, brands: [] });

    const { code, out } = await cli('status');

    expect(code).toBe(0);
    expect(out).toMatch(/^here {2}last tick 1 s ago\n/);
    expect(out).toContain(
      'newsroom  never polled  never         never        in 50 s    not polled yet  1 held',
    );
    expect(out).toMatch(/^feed +health +last success +last change +next poll +reason +entries$/m);
    expect(out).toContain(
      'Brand 144: posting paused since 1 Jan 1970, 00:00 UTC. Resume it: npm run -s cli -- resume --brand 144',
    );
    expect(out).toMatch(
      /^1 entry held: .*\n {2}Look, then release or dismiss\. npm run -s cli -- list --state held$/m,
    );
  });

  it.each([
    ['there was no recent tick', true, 'no feed is being polled'],
    ['nothing is running', false, 'not running: start it with npm start'],
  ])('warns when %s', async (_, isRunning, words) => {
    target.isRunning = isRunning;

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
      resting: [],
      circuits: [],
      ratePerMinute: 1_000,
      queues: { feeds: 0, feedsDeadLetters: 0, drafts: 0, draftsDeadLetters: 0 },
      problems: [expect.objectContaining({ kind: 'ticks-stopped', since: null })],
    });
  });
});
