import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Sandbox, startSandbox } from '../local/sandbox/start-sandbox.ts';
import { openStack, type Stack } from '../local/stack.ts';
import { rssOf } from '../test/support/embedded-world.ts';
import { story } from '../test/support/entries.ts';
import { localPublisher } from '../test/support/local-publisher.ts';
import type { Bench } from './bench.ts';
import { quantile } from './support/median.ts';

const samples = 150;
const token = 'a-token';
const patienceMs = 10_000;

/** From publication to the POST's arrival, in ms. */
const oneDraft = async (stack: Stack, sandbox: Sandbox, publish: () => void): Promise<number> => {
  const before = sandbox.posts().length;
  const published = performance.now();
  publish();
  await stack.functions.call('pollFeeds', { feeds: ['newsroom'] });
  while (sandbox.posts().length === before) {
    if (performance.now() - published > patienceMs) throw new Error(`no draft within ${patienceMs} ms`);
    await pause(1);
  }
  return performance.now() - published;
};

export const bench: Bench = {
  question: 'How soon does a new entry become a draft?',
  how: `Runs the services of npm start in real time. An entry is published, its feed is polled immediately, and the time ends when the sandbox has the post. ${samples} entries, one after the other. npm run bench -- scheduling measures the wait for the next poll.`,
  limits:
    'With emulators instead of AWS, there is no network, there are no cold starts, and SQS delivers immediately.',
  run: async () => {
    const data = await mkdtemp(join(tmpdir(), 'latency-'));
    let entries = [story(0)];
    const publisher = await localPublisher((_, response) => {
      response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(rssOf(entries));
    });
    const sandbox = await startSandbox({ token, brands: [144], rateLimit: 1_000_000 });
    const config = join(data, 'feeds.yml');
    await writeFile(
      config,
      `feeds: { newsroom: { url: "${publisher.origin}/feed", brand_id: 144, allow_private: true } }\n`,
    );
    const target = { kind: 'dash', url: sandbox.url, token } as const;
    const stack = await openStack({ config, data, port: 0, target, once: false, json: false }, () => {});
    try {
      await stack.functions.call('pollFeeds', { feeds: ['newsroom'] });
      await stack.pump.untilIdle();
      const times: number[] = [];
      for (let n = 1; n <= samples; n++)
        times.push(
          await oneDraft(stack, sandbox, () => {
            entries = [story(n), ...entries].slice(0, 20);
          }),
        );
      const [p50, p99] = [quantile(times, 0.5), quantile(times, 0.99)];
      return {
        tables: [
          {
            title: 'From publication to the post, ms',
            head: ['entries', 'p50', 'p95', 'p99', 'longest'],
            rows: [
              [samples, ...[p50, quantile(times, 0.95), p99, Math.max(...times)].map((ms) => ms.toFixed(0))],
            ],
          },
        ],
        headlines: [
          {
            what: 'from publication to the post, without waiting for the poll, p50',
            figure: `${p50.toFixed(0)} ms`,
            target: '< 300 ms',
          },
          { what: 'the same, p99', figure: `${p99.toFixed(0)} ms`, target: '< 1,500 ms' },
        ],
        notes: [`Target: p50 under 300 ms, p99 under 1,500 ms.`],
      };
    } finally {
      await stack.close();
      await sandbox.close();
      await publisher[Symbol.asyncDispose]();
      await rm(data, { recursive: true });
    }
  },
};
