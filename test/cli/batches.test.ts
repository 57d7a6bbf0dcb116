import { beforeEach, describe, expect, it } from 'vitest';
import { guidKey } from '../../lib/core/entries/identity/ledger-keys.ts';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { nothingLearned } from '../../lib/core/polling/learn-from-response.ts';
import { memoryOf } from '../support/candidates.ts';
import { cliOver, type FakeTarget, fakeTarget, type Ran, type Sitting } from '../support/cli.ts';
import { aFeedRow, anEntryRow, aPointer } from '../support/store-rows.ts';

let target: FakeTarget;
let cli: (line: string, sitting?: Sitting) => Promise<Ran>;

const held = (key: string, given: Partial<EntryRow> = {}, code = 'entry.late'): EntryRow => {
  const row = anEntryRow({
    ...{ key, state: 'held', wakeAt: null, batch: 'newsroom.12', lesson: 'by-place' },
    history: [{ at: 1_000, state: 'held', code, detail: 'it is listed among newer entries' }],
    ...given,
  });
  target.stores.ledger.rows.set(key, row);
  return row;
};
const stateOf = (key: string) => (target.stores.ledger.rows.get(key) as EntryRow).state;
const json = (ran: Ran) => JSON.parse(ran.out);
const teaching = 'After a release, a single old-dated entry in newsroom counts as new from then on.';

beforeEach(async () => {
  target = fakeTarget();
  cli = cliOver(target);
  await target.feedStore.save(aFeedRow({ memory: memoryOf({ addedAt: 1_000, floor: 500 }) }));
});

describe('list', () => {
  it('shows a batch’s entries together, with reason, count, lesson and command', async () => {
    held('a', { seenAt: 1_000 });
    held('other', { seenAt: 1_500, batch: null }, 'caption.empty');
    held('b', { seenAt: 2_000 });

    const { out } = await cli('list', { columns: 200 });

    expect([...out.matchAll(/^held .* (a|b|other) {2}/gm)].map(([, key]) => key)).toEqual([
      'b',
      'a',
      'other',
    ]);
    expect(out).toMatch(
      /Batch newsroom\.12: 2 entries of newsroom held since .*\. Held: it is listed among newer entries, but its date is old\. It is listed among newer entries\./,
    );
    expect(out).toContain(teaching);
    expect(out).toContain('npm run -s cli -- release --batch newsroom.12');
    expect(json(await cli('list --json')).batches).toMatchObject([
      { id: 'newsroom.12', entries: 2, why: [{ code: 'entry.late', count: 2 }], teaches: [teaching] },
    ]);
  });

  it.each([
    'list --batch newsroom.13',
    'release --batch newsroom.13 --yes',
    'dismiss --batch newsroom.13 --yes',
  ])('lists the open batches when the ID is unknown: %s', async (line) => {
    held('a');

    const { code, err } = await cli(line);

    expect({ code, err }).toEqual({
      code: 4,
      err: 'There is no batch newsroom.13. Open: newsroom.12 (1 held).\n',
    });
    expect(stateOf('a')).toBe('held');
  });
});

describe('releasing a batch', () => {
  it('shows the lesson before confirmation, and what was learned afterwards', async () => {
    held('a');
    held('b');

    const dry = await cli('release --batch newsroom.12 --dry-run');
    const no = await cli('release --batch newsroom.12', { answer: 'n' });
    expect(dry.out).toContain(teaching);
    expect(no.err).toContain(teaching);
    expect((await target.feedStore.read('newsroom'))?.memory?.byPlace).toBe(false);

    const { out } = await cli('release --batch newsroom.12', { answer: 'y' });

    expect(out).toContain('a single old-dated entry in newsroom counts as new');
    expect((await target.feedStore.read('newsroom'))?.memory?.byPlace).toBe(true);
    expect(['a', 'b'].map(stateOf)).toEqual(['queued', 'queued']);
  });

  it('shows no lesson that was learned before', async () => {
    held('a');
    await target.feedStore.save(aFeedRow({ rev: 2, memory: memoryOf({ byPlace: true }) }));

    expect((await cli('release --batch newsroom.12 --dry-run')).out).not.toContain('teaches');
  });

  it('in part keeps the others in the batch', async () => {
    held('a');
    held('b');

    await cli('release a');

    expect(stateOf('a')).toBe('queued');
    expect(json(await cli('list --batch newsroom.12 --state held --json')).entries).toMatchObject([
      { key: 'b', batch: 'newsroom.12' },
    ]);
  });

  it('with thousands of entries lists only some before confirmation, and moves all', async () => {
    for (let i = 0; i < 2_000; i++) held(`k${i}`);

    const { code, err, out } = await cli('release --batch newsroom.12', { columns: 200, answer: 'y' });

    expect(code).toBe(0);
    expect(err.split('\n').length).toBeLessThan(40);
    expect(err).toContain('… and 1980 more. List all with --dry-run.');
    expect(out).toContain('2000 entries released.');
    expect(target.stores.queues.wakeUps).toHaveLength(1_000);
  });
});

describe('status', () => {
  it('shows each open batch once, and what each feed has learned', async () => {
    held('a');
    held('b');
    const memory = memoryOf({ addedAt: 1_000, floor: 500, byPlace: true, dayOnly: true });
    const hints = { ttlMs: null, skipHours: [], skipDays: [], hub: 'https://hub.example/' };
    await target.feedStore.save(aFeedRow({ rev: 2, memory, learned: { ...nothingLearned, hints } }));

    const words = await cli('status');

    expect(words.out.match(/newsroom\.12: 2 entries of newsroom held since/g)).toHaveLength(1);
    expect(words.out).toContain(
      'newsroom: a single old-dated entry counts as new; its dates are days without a time',
    );
    expect(words.out).toContain(
      'newsroom advertises the WebSub hub https://hub.example/, which is not used: the feed is polled',
    );
    expect(json(await cli('status --json'))).toMatchObject({
      batches: [{ id: 'newsroom.12', entries: 2, teaches: [] }],
      feeds: [
        {
          hub: 'https://hub.example/',
          learned: { byPlace: true, dayOnly: true, floor: '1970-01-01T00:00:00.500Z' },
        },
      ],
    });
  });
});

describe('explain', () => {
  it('shows an entry’s batch, what a decision does and what it teaches', async () => {
    held('a');

    const { out } = await cli('explain a');

    expect(out).toContain('- Release makes a draft of it.');
    expect(out).toContain(`- ${teaching}`);
    expect(out).toMatch(/^batch +newsroom\.12$/m);
    expect(json(await cli('explain a --json')).entries).toMatchObject([
      { batch: 'newsroom.12', decision: ['Release makes a draft of it.', teaching], recognized: [] },
    ]);
  });

  it.each([
    ['caption.empty', 'Fix the caption or post fields of its feed in feeds.yml, then release it'],
    ['entry.mass-reissue', 'Either way, its title and text are known from now on'],
    ['entry.old-news', 'set max_age: none on the webhook'],
  ])('shows what a decision about %s does', async (code, words) => {
    held('a', { lesson: null }, code);

    expect((await cli('explain a')).out).toContain(words);
  });

  it('shows which entry a link was recognized as, and by which facts', async () => {
    const link = 'https://new.example.com/b';
    const recognized = { by: 'title-and-date', title: 'A bridge is opened', link } as const;
    target.stores.ledger.rows.set('k1', anEntryRow());
    const key = String(guidKey('newsroom', 'tag:2'));
    target.stores.ledger.rows.set(key, aPointer({ key, recognized }));

    const { out } = await cli(`explain ${link}`);

    expect(out).toContain(
      `“${link}” is known as this entry: same title and date as “A bridge is opened”, published under another link: ${link}`,
    );
    expect(json(await cli('explain tag:2 --json')).entries[0].recognized).toMatchObject([
      { name: 'tag:2', by: 'title-and-date', text: expect.stringContaining('same title and date') },
    ]);
  });
});
