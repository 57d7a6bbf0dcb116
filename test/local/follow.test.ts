import { stripVTControlCharacters } from 'node:util';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AppEvent } from '../../lib/core/events.ts';
import { type Following, follow } from '../../local/follow.ts';
import { type FakeLedger, fakeLedger } from '../support/fake-stores.ts';
import { anEntryRow } from '../support/store-rows.ts';

let ledger: FakeLedger;
let shown: { line: string; bad: boolean }[];
let following: Following;

beforeEach(() => {
  ledger = fakeLedger();
  shown = [];
  following = follow(
    ['newsroom', 'journal'],
    { ledger, timezone: 'UTC', clock: () => 0 },
    (line, bad = false) => {
      shown.push({ line: stripVTControlCharacters(line), bad });
    },
  );
});

/** A line as Powertools' logger writes it. */
const logged = ({ event, ...data }: AppEvent): string =>
  JSON.stringify({ level: 'INFO', message: event, timestamp: 'now', service: 'local', data });

const counts = { seen: 3, known: 1, baselined: 0, filtered: 0, held: 1, review: 0, queued: 1 };
const lines = () => shown.map(({ line }) => line);

describe('following a run', () => {
  test('sums the polls of a feed, and lists feeds that were not polled', async () => {
    following.onLog(logged({ event: 'poll.changed', feed: 'newsroom', counts, unsettled: 0, bytes: 9 }));
    following.onLog(logged({ event: 'poll.changed', feed: 'newsroom', counts, unsettled: 0, bytes: 9 }));
    following.onLog(logged({ event: 'poll.unchanged', feed: 'newsroom', status: 304, bytes: 0 }));

    const { feeds } = await following.result();

    const none = { seen: 0, known: 0, baselined: 0, filtered: 0, held: 0, review: 0, queued: 0 };
    expect(feeds).toEqual([
      { id: 'newsroom', seen: 6, known: 2, baselined: 0, filtered: 0, held: 2, review: 0, queued: 2 },
      { id: 'journal', ...none },
    ]);
    expect(following.missing()).toEqual(['journal']);
    expect(lines()).toContain('newsroom     3 entries: 1 new, 1 known, 1 held');
  });

  test('shows a failed poll until the next one succeeds', async () => {
    const failed = { code: 'feed.unreachable', message: 'gone fishing', failures: 1, nextAt: 0 };
    following.onLog(logged({ event: 'poll.failed', feed: 'journal', ...failed }));
    const before = await following.result();
    following.onLog(logged({ event: 'poll.unchanged', feed: 'journal', status: 304, bytes: 0 }));
    const after = await following.result();

    expect(before.feeds[1]).toMatchObject({ error: { code: 'feed.unreachable', message: 'gone fishing' } });
    expect(after.feeds[1]).not.toHaveProperty('error');
    expect(lines()[0]).toMatch(/^journal +feed\.unreachable: gone fishing · next try /);
    expect(following.failed()).toBe(false);
  });

  test('shows a draft’s ID before its row has it', async () => {
    await ledger.insert(anEntryRow({ key: 'k1', state: 'drafting', postId: null }));
    const news = { key: 'k1', feed: 'newsroom', brand: 144, postId: 1001, delayMs: null };
    following.onLog(logged({ event: 'draft.created', ...news }));

    const { drafts } = await following.result();

    expect(drafts).toMatchObject([{ entry: 'k1', postId: 1001 }]);
    expect(lines()[0]).toMatch(/draft 1001/);
  });

  test('shows drafts with their posts from the ledger, in the order of events', async () => {
    const post = { ...anEntryRow().post, text: 'First line\nSecond' } as never;
    await ledger.insert(anEntryRow({ key: 'k1', state: 'drafted', postId: 1001, post }));
    following.onLog(
      logged({
        event: 'draft.created',
        key: 'k1',
        feed: 'newsroom',
        brand: 144,
        postId: 1001,
        delayMs: null,
      }),
    );
    following.onLog(logged({ event: 'circuit.closed', scope: 'all' }));

    const { drafts, ledger: sums } = await following.result();

    expect(drafts).toEqual([{ feed: 'newsroom', entry: 'k1', postId: 1001, post }]);
    expect(sums).toEqual({ drafted: 1 });
    expect(lines()).toEqual(['newsroom     draft 1001 brand 144 RSS_FEED First line', 'posting resumed']);
  });

  test('strips control characters from feed text', async () => {
    const message = '\u001b[2J\u001b]0;owned\u0007over\r\nhere';
    following.onLog(logged({ event: 'draft.rejected', key: 'k1', feed: 'newsroom', brand: 144, message }));

    await following.result();

    expect(shown.map(({ line }) => line).join()).not.toMatch(/\p{Cc}/u);
  });

  test.each<[string, AppEvent]>([
    ['a refused token', { event: 'circuit.opened', scope: 'all', reason: 'unauthorized', until: 5 }],
    ['a forbidden brand', { event: 'circuit.opened', scope: 'brand/7', reason: 'forbidden', until: 5 }],
    ['a count mismatch', { event: 'poll.count-mismatch', feed: 'newsroom', counts, unsettled: 0 }],
    ['an unreadable row', { event: 'row.corrupt', key: 'k1', message: 'no state' }],
  ])('has failed after %s', async (_, news) => {
    following.onLog(logged(news));
    await following.result();

    expect(following.failed()).toBe(true);
    expect(shown).toMatchObject([{ bad: true }]);
  });

  test('has failed after an error in the log and after a failed function', () => {
    const error = { name: 'TypeError', message: 'x is undefined', stack: 'TypeError: …' };
    following.onLog(JSON.stringify({ level: 'ERROR', message: 'unexpected', error }));
    following.onFault({ fn: 'createDraft', messages: 2, error: new Error('broken') });

    expect(shown).toEqual([
      { line: 'unexpected: x is undefined', bad: true },
      { line: 'createDraft failed with 2 of its messages, which are retried: broken', bad: true },
    ]);
  });

  test.each([
    ['a metric', '{"_aws":{"Timestamp":1},"service":"local","Ticks":1}'],
    ['a batch', '{"level":"INFO","message":"batch.done","messages":1}'],
    ['not JSON', 'Warning: something'],
    ['empty', ''],
  ])('ignores a line that is %s', async (_, line) => {
    following.onLog(line);
    await following.result();

    expect(shown).toEqual([]);
    expect(following.failed()).toBe(false);
  });
});
