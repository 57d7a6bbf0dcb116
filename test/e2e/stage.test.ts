import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dynamoLedger } from '../../lib/adapters/aws/ledger-dynamo.ts';
import { readConfig } from '../../lib/config.ts';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { packConfig } from '../../lib/packed-config.ts';
import { closers } from '../../local/closers.ts';
import { openCloud, openFunctions, openPump } from '../../local/cloud.ts';
import { readDeployment } from '../../local/deployment.ts';
import { startSandbox } from '../../local/sandbox/start-sandbox.ts';
import { rssOf } from '../support/embedded-world.ts';
import { story } from '../support/entries.ts';
import { type LocalPublisher, localPublisher } from '../support/local-publisher.ts';

let folder: string;
let site: LocalPublisher;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stage-'));
  site = await localPublisher((_, response) => response.end(rssOf([story(2), story(1)])));
});
afterAll(async () => {
  await site[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** Runs the functions on a stage; returns what Dash Social received and what the ledger contains. */
const pollOn = async (stage: string, stages: string) => {
  const opened = closers();
  try {
    const cloud = await openCloud(join(folder, `${stage}${stages.length}`), opened);
    const sandbox = opened.keep(await startSandbox({ token: 'a-token', brands: [144, 999] }));
    cloud.putToken('a-token');
    const file = join(folder, `${stage}.json`);
    const text = `feeds: { newsroom: { url: "${site.origin}/", allow_private: true, brand_id: 144, backfill: 2 } }\n${stages}`;
    writeFileSync(file, packConfig(readConfig(text, 'feeds.yml')));
    const environment = { ...cloud.environment, STAGE: stage, FEEDS_FILE: file, DASH_URL: sandbox.url };
    const faults: unknown[] = [];
    const functions = opened.keep(openFunctions(readDeployment(), environment, () => {}));
    const pump = opened.keep(
      await openPump(readDeployment(), functions, cloud, (fault) => faults.push(fault)),
    );

    await functions.call('pollFeeds', { feeds: ['newsroom'] });
    await pump.untilIdle();

    const rows: EntryRow[] = [];
    for await (const row of dynamoLedger({ client: cloud.dynamo, table: cloud.tables.ledger }).all())
      rows.push(row);
    return { faults, rows, requests: sandbox.requests(), posts: sandbox.posts() };
  } finally {
    await opened.closeAll();
  }
};

it.each([
  ['staging', '', 144],
  ['dev', 'stages: { staging: { deliver: dash } }', 144],
  ['staging', 'stages: { staging: { brand_id: 999 } }', 999],
  ['prod', 'stages: { prod: { deliver: none } }', 144],
])('on %s with "%s" everything runs and Dash Social receives nothing', async (stage, stages, brand) => {
  const { faults, rows, requests } = await pollOn(stage, stages);

  expect(faults).toEqual([]);
  expect(requests).toEqual([]);
  expect(rows).toHaveLength(2);
  for (const { state, brand: on, post, history } of rows)
    expect({ state, on, to: post?.brand_id, code: history.at(-1)?.code }).toEqual({
      state: 'drafted',
      on: brand,
      to: brand,
      code: 'draft.would-have-been-sent',
    });
});

it.each([
  ['prod', '', 144],
  ['staging', 'stages: { staging: { deliver: dash, brand_id: 999 } }', 999],
])('on %s with "%s" drafts are made', async (stage, stages, brand) => {
  const { posts } = await pollOn(stage, stages);

  expect(posts.map(({ post }) => post.brand_id)).toEqual([brand, brand]);
});
