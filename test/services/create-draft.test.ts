import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { noRecentPosts } from '../../lib/adapters/dash-social/dash-recent-posts.ts';
import { readConfig } from '../../lib/config.ts';
import { packConfig } from '../../lib/packed-config.ts';
import { createDraftServices, reserveMs } from '../../lib/services/create-draft.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'draft-'));
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true });
});

const servicesOf = async (dash: string, given: Record<string, string> = {}) => {
  const file = join(dir, 'feeds.json');
  await writeFile(file, packConfig(readConfig(`dash: { ${dash} }`, 'feeds.yml')));
  const env = {
    ...{ AWS_REGION: 'eu-central-1', FEEDS_TABLE: 'f', LEDGER_TABLE: 'l', DASH_TOKEN_SECRET_ID: 'd' },
    ...{ FEEDS_FILE: file, ...given },
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  return createDraftServices(() => {});
};

/** How many turns are immediate at 60 per minute, for an invocation that has no time to wait. */
const turnsAtOnce = async (given: Record<string, string>): Promise<number> => {
  const { acquireTurn } = await servicesOf('rate_per_minute: 60', given);
  const call = { remainingMs: () => reserveMs, report: () => {} };
  let turns = 0;
  while (await acquireTurn(call)) turns += 1;
  return turns;
};

describe('createDraft services', () => {
  it.each([
    ['use half of the rate, because the queue starts two workers', {}, 1],
    ['use all of the rate with a single worker', { DRAFT_WORKERS: '1' }, 2],
  ])('%s', async (_, given, turns) => {
    expect(await turnsAtOnce(given)).toBe(turns);
  });

  it.each([
    ['do not list posts with look_up: false', 'look_up: false', true],
    ['list posts by default', 'rate_per_minute: 60', false],
  ])('%s', async (_, dash, isNone) => {
    expect((await servicesOf(dash)).listRecentPosts === noRecentPosts).toBe(isNone);
  });
});
