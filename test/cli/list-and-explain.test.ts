import { describe, expect, it } from 'vitest';
import { toStoredEntry } from '../../lib/core/entries/stored-entry.ts';
import { cliWithRows, json } from '../support/cli-with-rows.ts';
import { story } from '../support/entries.ts';

const { target, cli, put } = cliWithRows();

describe('list', () => {
  it('prints tab-separated rows without a terminal, newest first', async () => {
    put({ key: 'a', seenAt: 1_000 }, { key: 'b', seenAt: 2_000, state: 'held', title: null });

    const { code, out } = await cli('list');

    expect({ code, out }).toEqual({
      code: 0,
      out: [
        'held\tnewsroom\t1 Jan 1970, 00:00 UTC\tb\tNew on the feed\tDie Brücke 🌉 ist auf',
        'queued\tnewsroom\t1 Jan 1970, 00:00 UTC\ta\tNew on the feed\tA bridge is opened',
        '',
      ].join('\n'),
    });
  });

  it('reads only the shown and the held entries whole', async () => {
    put(...Array.from({ length: 60 }, (_, n) => ({ key: `d${n}`, state: 'drafted' as const, seenAt: n })));
    put({ key: 'h', state: 'held', seenAt: 100 });
    const read: string[] = [];
    const { ledger } = target();
    const whole = ledger.read;
    ledger.read = (key) => {
      read.push(key);
      return whole(key);
    };

    const { total, entries } = json(await cli('list --json --limit 3'));

    expect({ total, keys: entries.map(({ key }: { key: string }) => key) }).toEqual({
      total: 61,
      keys: ['h', 'd59', 'd58'],
    });
    expect(read.sort()).toEqual(['d58', 'd59', 'h']);
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
      ['two', 'New on the feed', '5, 6'],
      ['none', 'New on the feed', 'unknown'],
    ]);
    expect(asJson).toMatchObject({ total: 2, entries: [{ alsoPosted: [6], possibleDuplicate: true }, {}] });
    expect(status.possibleDuplicates).toBe(2);
    expect(doctor.checks).toContainEqual(
      expect.objectContaining({ check: '2 possible duplicates', state: 'failed' }),
    );

    await cli('confirm two none');

    expect(json(await cli('status --json')).possibleDuplicates).toBe(0);
  });

  it('marks unknown outcomes that are still looked up, and gives reasons in words', async () => {
    const unknown = { state: 'uncertain', at: 1, detail: 'posts 1, 2 match' } as const;
    put(
      { key: 'theirs', state: 'uncertain', wakeAt: 9_000, history: [{ ...unknown, code: 'dash.cut-off' }] },
      { key: 'yours', state: 'uncertain', history: [{ ...unknown, code: 'look-up.inconclusive' }] },
    );

    const { out } = await cli('list --state uncertain');
    const asJson = json(await cli('list --state uncertain --json')).entries;

    const cells = out
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split('\t'));
    expect(Object.fromEntries(cells.map(([state, , , key, reason]) => [key, [state, reason]]))).toEqual({
      theirs: ['unknown outcome (being looked up)', 'The response from Dash Social was cut off'],
      yours: ['unknown outcome', 'Looked up, but it cannot be determined whether the draft exists'],
    });
    const facts = asJson.map(({ key, why, lookedUp }: Record<string, unknown>) => [key, [why, lookedUp]]);
    expect(Object.fromEntries(facts)).toEqual({
      theirs: ['dash.cut-off', true],
      yours: ['look-up.inconclusive', false],
    });
    expect((await cli('explain yours')).out).toContain('You can retry');
    expect((await cli('explain theirs')).out).not.toContain('You can');
  });

  it('prints columns with a header on a terminal, in colour, cut to its width', async () => {
    put({ key: 'a', state: 'held', title: `${'長い題名 '.repeat(40)}` });

    const { out } = await cli('list', { columns: 100, color: true });

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
    expect(out).toContain('unknown outcome: The outcome is unknown: the draft may or may not exist.');
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
    target().stores.ledger.entries.set('kept-a', { stored: toStoredEntry(story(1)), until: 9e15 });
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
