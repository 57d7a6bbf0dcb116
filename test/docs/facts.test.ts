import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { states } from '../../lib/core/ledger/row.ts';
import { movesFrom } from '../../lib/core/operator/moves.ts';
import { startSandbox } from '../../local/sandbox/start-sandbox.ts';
import { cliOver, fakeTarget } from '../support/cli.ts';
import { behaviours } from '../wild/behaviours/all.ts';
import { aims } from '../wild/prove-wild.ts';

// Facts about the code that the pages state and that would become outdated.

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const all = (page: string, pattern: RegExp) => [...page.matchAll(pattern)].map(([, ...groups]) => groups);

describe('docs/troubleshooting.md', () => {
  const page = read('docs/troubleshooting.md');
  const verbs = all(page, /^npm run -s cli -- (secret set|[\w-]+)/gm).map(([verb]) => verb);

  it.each([...new Set(verbs)])('correctly states that %s takes a stage and a folder', async (verb) => {
    const { out } = await cliOver(fakeTarget())(`${verb} --help`);

    expect(out).toContain('--stage');
    expect(out).toContain('--data');
  });

  it('lists each state with the moves allowed from it', () => {
    const listed = all(page, /^\| `(\w+)` \| .* \| (.*) \|$/gm);

    expect(listed).toEqual(
      states.map((state) => [
        state,
        movesFrom(state)
          .map((move) => `\`${move}\``)
          .join(', ') || '–',
      ]),
    );
  });
});

describe('docs/what-becomes-a-draft.md', () => {
  const page = read('docs/what-becomes-a-draft.md');

  it('states the aim and the number of behaviors it is measured with', () => {
    expect(page).toContain(
      `(${behaviours.filter(({ mixture }) => mixture === undefined).length} kinds of behavior`,
    );
    expect(page).toContain(`fewer than ${1_000 * aims.wrong} in 1,000`);
  });

  it('lists each reason for holding entries, with its cause and what a release does', () => {
    const listed = all(page, /^\| `(entry\.[\w-]+)` \| .+ \| .+ \|$/gm).flat();
    const verdicts = all(read('lib/core/entries/classify.ts'), /\bheld\(\s*'(entry\.[\w-]+)'/g).flat();
    const ofWebhooks = all(
      read('lib/jobs/webhook/receive-webhook.ts'),
      /notNewDelivery = '(entry\.[\w-]+)'/g,
    ).flat();

    expect(listed.toSorted()).toEqual([...new Set([...verdicts, ...ofWebhooks])].toSorted());
  });
});

describe('docs/aws.md', () => {
  it('explains what to do when a secret already exists or is scheduled for deletion', () => {
    const page = read('docs/aws.md');

    expect(page).toMatch(/^- \*\*.*"already exists"\*\*/m);
    expect(page).toMatch(/^- \*\*.*"scheduled for deletion"\*\*/m);
  });
});

describe('docs/benchmarks.md', () => {
  const page = read('docs/benchmarks.md');

  it('names the when_uncertain policy in each row of ours, the default first', () => {
    const rows = all(page, /^\| ours(?:, (\w+))?(?: \| \d+){5} \|$/gm).flat();

    expect(rows).toEqual(['auto', 'park', 'retry']);
  });

  it('leaves bundle sizes to the tested budgets', () => {
    expect(page).not.toMatch(/^\| bundle of/m);
    expect(read('README.md')).not.toMatch(/^\| bundle of/m);
  });
});

describe('the benchmarks', () => {
  it('use the default policy for lost responses, except the one that compares policies', async () => {
    const files = (await readdir(new URL('../../bench/', import.meta.url), { recursive: true })).filter(
      (name) => name.endsWith('.ts') && !name.includes('node_modules'),
    );
    const others = files.filter((name) => /'(?:park|retry)'/.test(read(`bench/${name}`)));

    expect(others).toEqual(['history.ts']);
  });
});

const openSandbox = async () => {
  const sandbox = await startSandbox({ token: 'a-token', brands: [144] });
  onTestFinished(sandbox.close);
  return sandbox;
};

describe('docs/first-feed.md', () => {
  const page = read('docs/first-feed.md');

  it('simulates a draft that is committed before the connection is cut', async () => {
    const [[path = '', body = ''] = []] = all(page, /(\/_sandbox\/\w+)" -d '(.*)'$/gm);
    const sandbox = await openSandbox();
    const post = () =>
      fetch(`${sandbox.url}/tiktok/scheduled_posts`, {
        method: 'POST',
        headers: { authorization: 'Bearer a-token', 'content-type': 'application/json' },
        body: JSON.stringify({ brand_id: 144, auto_publish: false, status: 'DRAFT', text: 'A story' }),
      });

    const set = await fetch(`${sandbox.url}${path}`, { method: 'POST', body });
    const first = await post().catch(() => 'cut');

    expect(set.status).toBe(200);
    expect(first).toBe('cut');
    expect(sandbox.posts()).toHaveLength(1);
    expect((await post()).status).toBe(201);
  });

  it('names existing sandbox calls', async () => {
    const calls = all(page, /`(\/_sandbox\/\w+)`/g).flat();
    const sandbox = await openSandbox();

    const answers = await Promise.all(calls.map((path) => fetch(`${sandbox.url}${path}`)));

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });
});
