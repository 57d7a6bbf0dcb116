import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** Tests that start processes, servers or emulators, or are slow; every other test is a unit test. */
const integration = [
  'test/{cli,console,crash,infra,local,npm,scripts,supply,wild}/**/*.test.ts',
  'test/adapters/{*,aws/*,dash-social/*,feeds/*,feeds/worker/*}.test.ts',
  'test/{import-rule,mutants,upgrades}.test.ts',
  'test/jobs/poll-cost.test.ts',
];

/** End to end, in processes like a user's or AWS's. */
const e2e = ['test/e2e/**/*.test.ts', 'test/local/run.test.ts'];
/** Tests that run only with `npm run test:all`, because they take minutes. */
const e2eAtLength = [
  'test/adapters/feeds/{parse/limits,polite-visitor}.test.ts',
  'test/e2e/{deployed,enrich,heavy-documents,kill,stage}.test.ts',
  'test/infra/{deploy,runtime-client}.test.ts',
  'test/local/{events,machine-faults,run-output,start}.test.ts',
  'test/npm/{build,installed}.test.ts', // installed uses npm's registry
  'test/cli/{local-target,preview-and-plan}.test.ts',
];
/** Tests that count steps with coverage, which misses code that is already optimized or comes from the compile cache. */
const steps = 'test/**/*.steps.test.ts';

/** Shares compiled modules between files and child processes. */
const compileOnce = {
  env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/compiled/', import.meta.url)) },
};

type Options = NonNullable<TestProjectInlineConfiguration['test']>;

const project = (name: string, options: Options): TestProjectInlineConfiguration => ({
  extends: true,
  test: { ...options, name },
});

/** For tests with processes, which a busy machine slows down most. */
const longTimeouts = { testTimeout: 300_000, hookTimeout: 120_000 };
const fixedSeed = { setupFiles: ['test/support/fixed-seed.ts'] };

/** A worker's files share its modules, so that no file may leave global state behind. */
const shared = { ...fixedSeed, ...compileOnce, isolate: false };

const everyday = (atLength: boolean) => [
  project('unit', {
    ...shared,
    include: ['test/**/*.test.ts'],
    exclude: [...integration, ...e2e, ...e2eAtLength, steps],
  }),
  project('steps', { ...fixedSeed, include: [steps] }),
  project('integration', {
    ...shared,
    ...longTimeouts,
    include: integration,
    exclude: [...e2e, ...e2eAtLength, steps],
  }),
  project('e2e', {
    ...shared,
    ...longTimeouts,
    include: [...e2e, ...e2eAtLength],
    exclude: atLength ? [] : e2eAtLength,
  }),
];

const onDemand = {
  /** In a real browser: Debian's chromium, or the one in CHROMIUM. */
  browser: project('browser', {
    include: ['test/browser/**/*.browser.ts'],
    fileParallelism: false, // one browser at a time
    env: { TZ: 'Europe/Berlin' },
  }),
  /** Takes an hour or two; random examples differ in each run. */
  deep: project('deep', { include: ['test/**/*.deep.ts'], env: { SAMPLE: 'all' } }),
};

/** Test files that are named on the command line always run completely. */
const namesFiles = process.argv.slice(2).some((arg) => /^(\.\/)?test\/|\.test\.ts$/.test(arg));

/** Projects that run only when `--project` or a file name asks for them: a plain `vitest` takes minutes. */
const requested = Object.entries(onDemand).flatMap(([name, found]) =>
  process.argv.slice(2).some((arg) => new RegExp(`(^|[=.])${name}(\\.ts)?$`).test(arg)) ? [found] : [],
);

/** `--mode all` runs every slow test, other modes a sample of them: test/support/sample.ts. */
export default defineConfig(({ mode }) => ({
  test: {
    projects: [...everyday(mode === 'all' || namesFiles), ...requested],
    pool: 'forks', // threads ignore TZ
    // Node loads the files as in production: this is faster than Vite's runner, and no test mocks a module.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    maxWorkers: availableParallelism(),
    testTimeout: 60_000, // finds a hang, even on a busy machine
    hookTimeout: 60_000,
    env: {
      TZ: 'America/St_Johns', // an unusual zone, because nothing may depend on the machine's
      ...(mode === 'all' && { SAMPLE: 'all' }),
    },
  },
}));
