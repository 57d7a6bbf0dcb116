import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { projectCopy } from '../support/deploy-run.ts';

// The command itself, with credentials in its environment and a proxy that sees whoever wants to reach AWS.

let project: Awaited<ReturnType<typeof projectCopy>>;
beforeAll(async () => {
  project = await projectCopy();
});
afterEach(() => project.restore());
afterAll(() => project.remove());

const otherVersion = (text: string) =>
  text.replace(/("node_modules\/valibot": \{\s+"version": ")[^"]+/, '$1' + '0.0.1');

describe('npm run deploy', () => {
  it('asks AWS when there is nothing to refuse', async () => {
    const { askedAws } = await project.deploy();

    expect(askedAws).toEqual([expect.stringMatching(/^[\w.-]+\.eu-central-1\.amazonaws\.com:443$/)]);
  }, 90_000);

  it.each([
    [
      'a feeds.yml with a fault',
      'feeds.yml',
      (text: string) => `${text}\nfeds: {}\n`,
      /feeds\.yml:\d+:1 .*feds/,
    ],
    [
      'a bundle over its budget',
      'scripts/budgets.ts',
      (text: string) => text.replace(/'poll-feeds': [\d_]+/, "'poll-feeds': 1_000"),
      /poll-feeds has \d+ bytes, 1000 are allowed/,
    ],
    ['another lockfile than what is installed', 'package-lock.json', otherVersion, /locked is 0\.0\.1/],
  ])(
    'refuses %s, says why, and asks AWS nothing',
    async (_, file, change, told) => {
      await project.change(file, change);
      await project.commit();

      const run = await project.deploy();

      expect(run).toMatchObject({ code: 1, printed: expect.stringMatching(told), askedAws: [] });
    },
    90_000,
  );

  it('refuses a lockfile that is not as it was committed', async () => {
    await project.change('package-lock.json', (text) => `${text}\n`);

    const run = await project.deploy();

    expect(run).toMatchObject({ code: 1, askedAws: [] });
    expect(run.printed).toContain('package-lock.json is not as it was committed');
  }, 90_000);
});
