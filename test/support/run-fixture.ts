import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import type { RunResult } from '../../local/run-record.ts';
import { startSandbox } from '../../local/sandbox/start-sandbox.ts';
import { runHere } from './local-run.ts';

/** The token that these tests' sandboxes accept. */
export const token = { DASH_SOCIAL_TOKEN: 'secret-1' };

const feedOf = (titles: string[]): string =>
  `<rss version="2.0"><channel><title>Mine</title>${titles
    .map((title) => `<item><guid isPermaLink="false">${title}</guid><title>${title}</title></item>`)
    .join('')}</channel></rss>`;

/** A folder for each test of a file, and what the test starts; everything is closed afterwards, even on failure. */
export const runFixture = () => {
  let folder = '';
  let closing: (() => unknown)[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'run-'));
    closing = [];
  });

  afterEach(async () => {
    for (const close of closing) await close();
    await rm(folder, { recursive: true });
  });

  const file = (name: string) => join(folder, name);
  const data = () => file('data');
  const keep = (close: () => unknown) => void closing.push(close);

  const listening = async (server: Server): Promise<number> => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    keep(() => server.close());
    return (server.address() as AddressInfo).port;
  };

  const runOver = (args: string[], env?: Record<string, string>) =>
    runHere(['--data', data(), '--port', '0', ...args], env);

  return {
    file,
    data,
    keep,
    listening,
    runOver,
    /** Runs `--once --json`, which must succeed. */
    onceAsJson: async (args: string[] = [], env: Record<string, string> = {}): Promise<RunResult> => {
      const { code, out, errors } = await runOver(['--once', '--json', ...args], env);
      expect({ code, errors }).toEqual({ code: 0, errors: '' });
      return JSON.parse(out);
    },
    /** A feeds.yml with one feed, `mine`. */
    configFor: async (port: number, settings = ''): Promise<string> => {
      const feed = `{ url: "http://127.0.0.1:${port}/feed.xml", allow_private: true, brand_id: 7${settings} }`;
      await writeFile(file('feeds.yml'), `feeds:\n  mine: ${feed}\n`);
      return file('feeds.yml');
    },
    /** The port of a publisher with these entries. */
    publisherOf: (...titles: string[]) =>
      listening(createServer((_, response) => response.end(feedOf(titles)))),
    sandboxWith: async (tokenOfIt: string, brands: number[]) => {
      const sandbox = await startSandbox({ token: tokenOfIt, brands });
      keep(sandbox.close);
      return sandbox;
    },
  };
};
