import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { feedReader } from '../../cli/view.ts';
import { readConfig } from '../../lib/config.ts';
import type { Config } from '../../lib/core/config/config.ts';
import type { FetchFeed } from '../../lib/core/ports.ts';
import { packConfig } from '../../lib/packed-config.ts';
import { ingestFeedsServices } from '../../lib/services/ingest-feeds.ts';
import { userAgent, userAgentOf } from '../../lib/services/user-agent.ts';
import { localPublisher } from '../support/local-publisher.ts';

afterEach(() => vi.unstubAllEnvs());

const contact = 'mailto:web@example.com';
const config = readConfig(`polling: { contact: "${contact}" }`, 'feeds.yml');

/** The fetch function of ingest-feeds with this configuration. */
const inFunction = async (packed: Config): Promise<FetchFeed> => {
  const dir = await mkdtemp(join(tmpdir(), 'agent-'));
  const file = join(dir, 'feeds.json');
  await writeFile(file, packConfig(packed));
  const queue = 'http://127.0.0.1:1/000000000000/queue';
  const env = {
    ...{ AWS_REGION: 'eu-central-1', FEEDS_TABLE: 'f', LEDGER_TABLE: 'l', INBOUND_SECRET_ID: 'i' },
    ...{ FEEDS_QUEUE_URL: queue, DRAFTS_QUEUE_URL: queue, FEEDS_FILE: file },
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const { fetchFeed } = ingestFeedsServices(() => {});
  await rm(dir, { recursive: true });
  return fetchFeed;
};

const shownBy = async (fetchFeed: FetchFeed): Promise<string | undefined> => {
  await using site = await localPublisher((_, response) => response.end('<rss/>'));
  await fetchFeed({ url: site.origin, validators: null, allowPrivate: true, deadlineMs: 5_000 });
  return site.visits[0]?.headers['user-agent'];
};

describe('the user agent', () => {
  it.each([
    ['a poll', () => inFunction(config)],
    ['preview, plan and the console', async () => feedReader({ clock: Date.now, config }).fetchFeed],
  ])('contains the contact from feeds.yml: %s', async (_, fetchFeed) => {
    expect(await shownBy(await fetchFeed())).toBe(`rss-drafts/0.1.0 (+${contact})`);
  });

  it("contains the project's page without a contact or a feeds.yml", async () => {
    expect(await shownBy(feedReader({ clock: Date.now }).fetchFeed)).toBe(userAgent);
  });

  it('has the version and homepage from package.json', async () => {
    const { version, homepage } = JSON.parse(
      await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
    );

    expect(userAgentOf({})).toBe(`rss-drafts/${version} (+${homepage})`);
  });
});
