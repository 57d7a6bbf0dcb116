import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleAll } from '../../scripts/bundle.ts';
import { startLambda } from '../support/lambda-process.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bundles-'));
  await bundleAll(dir, '{}');
});
afterAll(() => rm(dir, { recursive: true, force: true }));

it('x', async () => {
  const lambda = await startLambda({
    name: 'pollFeeds',
    dir: join(dir, 'poll-feeds'),
    env: {},
    timeoutMs: 60_000,
  });
  await lambda.ready;
  console.log(await lambda.invoke({}));
  console.log(await lambda.invoke({ feed: 1 }));
  console.log(lambda.printed());
  await lambda.stop();
  expect(1).toBe(1);
});
