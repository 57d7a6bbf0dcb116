import { describe, expect, it } from 'vitest';
import { misconfigured } from '../../lib/core/errors.ts';
import { cliOver, fakeTarget } from '../support/cli.ts';

describe('console', () => {
  it('prints its address, and serves until it is stopped', async () => {
    const target = fakeTarget();
    let url = '';
    let seen = '';

    const { code, out } = await cliOver(target)('console --port 0', {
      untilQuit: async (heard) => {
        url = /http:\S+/.exec(heard)?.[0] ?? '';
        seen = await (await fetch(url)).text();
      },
    });

    expect(code).toBe(0);
    expect(out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/ shows here\. Stop it with Ctrl-C\.\n$/);
    expect(seen).toContain('<title>Inbox · rss-drafts</title>');
    expect(target.closed).toBe(1);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('prints its address as one line of JSON', async () => {
    const { out } = await cliOver(fakeTarget())('console --port 0 --json');

    expect(JSON.parse(out)).toEqual({ url: expect.stringMatching(/^http:\/\/127/), target: 'here' });
    expect(out.split('\n')).toHaveLength(2);
  });

  it('refreshes a stage rarely, and explains that single polls are not shown there', async () => {
    let pages: string[] = [];

    await cliOver(fakeTarget())('console --port 0 --stage prod', {
      untilQuit: async (heard) => {
        const url = /http:\S+/.exec(heard)?.[0] ?? '';
        pages = await Promise.all(
          ['', 'feeds/newsroom'].map(async (path) => (await fetch(url + path)).text()),
        );
      },
    });

    expect(pages[0]).toContain('data-every="60000"');
    expect(pages[1]).toContain('A stage does not record single polls');
  });

  it('fails at start when feeds.yml is invalid', async () => {
    const target = fakeTarget({
      config: () => {
        throw misconfigured('config.invalid', 'feeds.yml is wrong');
      },
    });

    expect(await cliOver(target)('console --port 0')).toMatchObject({
      code: 3,
      err: 'feeds.yml is wrong.\n',
    });
  });

  it('refuses an invalid port', async () => {
    expect(await cliOver(fakeTarget())('console --port 99999')).toMatchObject({ code: 2 });
  });
});
