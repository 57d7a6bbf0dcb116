import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { projectCopy } from '../support/deploy-run.ts';

// The command itself, with credentials in its environment and a proxy that records connections to AWS.

let project: Awaited<ReturnType<typeof projectCopy>>;
beforeAll(async () => {
  project = await projectCopy();
});
afterEach(() => project.restore());
afterAll(() => project.remove());

const otherVersion = (text: string) =>
  text.replace(/("node_modules\/valibot": \{\s+"version": ")[^"]+/, '$1' + '0.0.1');

describe('npm run deploy', () => {
  it('connects to AWS when there is nothing to refuse', async () => {
    const { askedAws } = await project.deploy();

    expect(askedAws).toEqual([expect.stringMatching(/^[\w.-]+\.eu-central-1\.amazonaws\.com:443$/)]);
  }, 90_000);

  it.each([
    ['an invalid feeds.yml', 'feeds.yml', (text: string) => `${text}\nfeds: {}\n`, /feeds\.yml:\d+:1 .*feds/],
    [
      'a bundle over its budget',
      'scripts/budgets.ts',
      (text: string) => text.replace(/'poll-feeds': [\d_]+/, "'poll-feeds': 1_000"),
      /poll-feeds has \d+ bytes; its budget is 1000/,
    ],
    [
      'a lockfile that differs from the installation',
      'package-lock.json',
      otherVersion,
      /instead of 0\.0\.1/,
    ],
  ])(
    'refuses %s with a reason, without connecting to AWS',
    async (_, file, change, reason) => {
      await project.change(file, change);
      await project.commit();

      const run = await project.deploy();

      expect(run).toMatchObject({ code: 1, printed: expect.stringMatching(reason), askedAws: [] });
    },
    90_000,
  );

  it('refuses a lockfile with uncommitted changes', async () => {
    await project.change('package-lock.json', (text) => `${text}\n`);

    const run = await project.deploy();

    expect(run).toMatchObject({ code: 1, askedAws: [] });
    expect(run.printed).toContain('package-lock.json has uncommitted changes');
  }, 90_000);
});
