import { describe, expect, it } from 'vitest';
import { cliWithRows } from '../support/cli-with-rows.ts';

const { target, cli, put, stateOf } = cliWithRows();

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
    expect(target().stores.queues.wakeUps).toHaveLength(2);
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

    expect({ code, out }).toEqual({
      code: 0,
      out: 'No entries in state rejected; nothing was done. Choose other states with --state.\n',
    });
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

    expect(target().stores.ledger.rows.get('a')).toMatchObject({
      state: 'drafted',
      postId: 1004,
      history: [{}, { code: 'move.confirm', detail: 'by ada' }],
    });
  });

  it.each(['retry', 'confirm', 'dismiss'])(
    'in bulk leaves out entries that are still looked up: %s',
    async (move) => {
      put({ key: 'a', state: 'uncertain' }, { key: 'b', state: 'uncertain', wakeAt: 9_000 });

      const { code, out } = await cli(`${move} --state uncertain --yes`);

      expect({ code, b: stateOf('b') }).toEqual({ code: 0, b: 'uncertain' });
      expect(stateOf('a')).not.toBe('uncertain');
      expect(out).toContain('1 entry is still being looked up and was left out.');
      expect(out).not.toContain('\tb\t');
    },
  );

  it('retries a named entry that is still looked up only with --even-if-looked-up', async () => {
    put({ key: 'a', state: 'uncertain', wakeAt: 9_000 });

    const refused = await cli('retry a');
    const before = stateOf('a');
    const forced = await cli('retry a --even-if-looked-up');

    expect({ refused: refused.code, before, forced: forced.code, now: stateOf('a') }).toEqual({
      ...{ refused: 1, before: 'uncertain' },
      ...{ forced: 0, now: 'queued' },
    });
    expect(refused.out).toContain('its draft is still being looked up in Dash Social');
  });

  it.each(['--possible-duplicates', '--state drafted'])(
    'confirms all possible duplicates, and nothing else: %s',
    async (choice) => {
      const drafted = { state: 'drafted', postId: 4 } as const;
      put({ key: 'twice', ...drafted, mayBeTwice: 1 }, { key: 'once', ...drafted });

      const { code, out } = await cli(`confirm ${choice} --yes`);

      expect(code).toBe(0);
      expect(out).toContain('1 entry confirmed.');
      expect(target().stores.ledger.rows.get('twice')).toMatchObject({ state: 'drafted', checkedAt: 10_000 });
    },
  );

  it('warns when nothing is running to send queued entries', async () => {
    target().isRunning = false;
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

    expect(target().closed).toBe(2);
  });
});
