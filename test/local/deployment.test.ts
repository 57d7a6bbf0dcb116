import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readDeployment } from '../../local/deployment.ts';

test('the local run uses the functions of serverless.yml with their deployed settings', () => {
  const deployment = readDeployment();

  expect(deployment.map(({ name, timeoutMs, queue }) => ({ name, timeoutMs, queue }))).toEqual(
    expect.arrayContaining([
      { name: 'pollFeeds', timeoutMs: 60_000, queue: null },
      {
        name: 'ingestFeeds',
        timeoutMs: 60_000,
        queue: { id: 'FeedsQueue', batchSize: 1, concurrency: expect.any(Number) },
      },
      {
        name: 'createDraft',
        timeoutMs: 150_000,
        queue: { id: 'DraftsQueue', batchSize: 10, concurrency: 2 },
      },
    ]),
  );
  for (const { file } of deployment) expect(existsSync(fileURLToPath(file))).toBe(true);
});
