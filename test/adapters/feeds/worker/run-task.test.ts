import { execFile } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { identifyFeed } from '../../../../lib/adapters/feeds/parse/identify-feed.ts';
import { readFeed } from '../../../../lib/adapters/feeds/parse/read-feed.ts';
import { parseFeed, readsFeeds } from '../../../../lib/adapters/feeds/parse-feed.ts';
import { runTask, taskRunner } from '../../../../lib/adapters/feeds/worker/run-task.ts';
import { feedOf } from '../../../support/entries.ts';
import { hostileDocument } from '../../../support/hostile-documents.ts';
import { readsHere } from '../../../support/reads-here.ts';

const document = (text: string) => ({ bytes: Buffer.from(text), contentType: null, url: '' });
const rss = (inside: string) => document(`<rss version="2.0"><channel>${inside}</channel></rss>`);
const titled = (title: string) => rss(`<item><title>${title}</title></item>`);
const slow = rss('<item><title>a</title><description>text</description></item>'.repeat(25_000));

describe('the worker thread', () => {
  test('parses a document with the same result', async () => {
    const big = rss(
      `<title>Big</title>${'<item><title>A &amp;amp; B</title><guid>1</guid></item>'.repeat(100)}`,
    );

    expect(await runTask('read', big)).toEqual(await readFeed(big));
  });

  test('identifies and renders its entries with the same result', async () => {
    const reads = readsFeeds();
    const here = readsHere(readFeed);
    const feed = feedOf({ caption: '{{ title | upcase }} {{ feed.title }}' });
    const big = rss('<title>Big</title><item><title>News</title><guid>1</guid><link>/a</link></item>');

    const identified = await reads.identifyFeed(big);
    const entries = identified.entries.flatMap((one) => ('unread' in one ? [] : one.entry));
    const toRender = { feed, feedTitle: identified.title, entries, now: 0 };

    expect(identified).toEqual(await identifyFeed(big));
    expect(await reads.renderEntries(toRender)).toEqual(await here.renderEntries(toRender));
    expect(await reads.renderEntries(toRender)).toMatchObject([{ rendered: { post: { text: 'NEWS Big' } } }]);
  });

  test('refuses a document with the same error', async () => {
    const refused = runTask('read', document('<html>'));

    await expect(refused).rejects.toMatchObject({
      name: 'AppError',
      kind: 'permanent',
      code: 'feed.html-page',
    });
  });

  test("reads documents of any size and leaves the caller's bytes intact", async () => {
    const small = titled('a');

    const feed = await parseFeed(small);

    expect(feed.entries[0]?.title).toBe('a');
    expect(small.bytes.length).toBeGreaterThan(0);
  });

  test('keeps the calling thread free', async () => {
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 5);

    const feed = await parseFeed(slow);

    clearInterval(ticking);
    expect(feed.entries).toHaveLength(5000);
    expect(ticks).toBeGreaterThan(5);
  });
});

describe('a document over a limit fails alone', () => {
  test('as feed.too-slow at its deadline, without delaying the next one', async () => {
    const impatient = taskRunner({ deadlineMs: 500, maxHeapMb: 384 });
    await impatient('read', titled('warm')).catch(() => {});

    const [late, next] = await Promise.allSettled([
      impatient('read', {
        ...slow,
        bytes: Buffer.from(hostileDocument('a base just short enough for many links', 5e6)),
      }),
      runTask('read', titled('a')),
    ]);

    expect(late).toMatchObject({ status: 'rejected', reason: { kind: 'retryable', code: 'feed.too-slow' } });
    expect(next).toMatchObject({ status: 'fulfilled', value: { entries: [{ title: 'a' }] } });
  });

  test('as feed.too-large when memory runs out, and the next is parsed', async () => {
    const narrow = taskRunner({ deadlineMs: 60_000, maxHeapMb: 32 });

    const full = narrow('read', {
      ...slow,
      bytes: hostileDocument('every known field many times', 8e6),
    });
    const next = narrow('read', titled('a'));

    await expect(full).rejects.toMatchObject({ kind: 'permanent', code: 'feed.too-large' });
    await expect(next).resolves.toMatchObject({ entries: [{ title: 'a' }] });
  });
});

describe('a single worker thread', () => {
  test('reads one document after another and is replaced only after one that was too slow', async () => {
    let started = 0;
    const count = () => started++;
    const patient = taskRunner({ deadlineMs: 15_000, maxHeapMb: 384 });
    const titleOf = async (title: string) => (await patient('read', titled(title))).entries[0]?.title;
    subscribe('worker_threads', count);

    const inOne = [
      await titleOf('a'),
      await patient('read', document('<html>')).catch(() => null),
      await titleOf('b'),
    ];
    const startedForOne = started;
    const impatient = taskRunner({ deadlineMs: 1, maxHeapMb: 384 });
    await impatient('read', slow).catch(() => null);
    await impatient('read', slow).catch(() => null);

    unsubscribe('worker_threads', count);
    expect([inOne, startedForOne]).toEqual([['a', null, 'b'], 1]);
    expect(started).toBe(3);
  });

  test('takes the smallest waiting document first', async () => {
    const run = taskRunner({ deadlineMs: 15_000, maxHeapMb: 384 });
    const done: string[] = [];
    const read = async (title: string) => {
      const bytes = new Uint8Array(titled(title).bytes);
      await run(
        'read',
        { bytes, contentType: null, url: '' },
        { transfer: [bytes.buffer], bytes: bytes.length },
      );
      done.push(title);
    };

    await Promise.all(['first', 'the largest of all', 'large', 's'].map(read));

    expect(done).toEqual(['first', 's', 'large', 'the largest of all']);
  });

  test('starts with the first document', async () => {
    const file = new URL('../../../../lib/adapters/feeds/worker/run-task.ts', import.meta.url).href;
    const script = `const { Worker } = require('node:worker_threads');
      const begun = () => {
        const next = new Worker('', { eval: true });
        return next.threadId - 1;
      };
      (async () => {
        const { runTask } = await import('${file}');
        const before = begun();
        await runTask('read', { bytes: Buffer.from('<rss><channel/></rss>'), contentType: null, url: '' });
        console.log(before, begun());
      })();`;

    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script]);

    expect(stdout.trim()).toBe('0 2'); // The second number includes the thread of the first call.
  });

  test('does not keep the process alive', async () => {
    const file = new URL('../../../../lib/adapters/feeds/worker/run-task.ts', import.meta.url).href;
    const script = `const { runTask } = await import('${file}');
      const feed = await runTask('read', { bytes: Buffer.from('<rss><channel><title>T</title></channel></rss>'), contentType: null, url: '' });
      console.log(feed.title, Math.round(performance.now()));
      process.on('exit', () => console.log(Math.round(performance.now())));`;

    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script]);

    const [title, read, ended] = stdout.trim().split(/\s+/);
    expect(title).toBe('T');
    expect(Number(ended) - Number(read)).toBeLessThan(2_000);
  });
});
