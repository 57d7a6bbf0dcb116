import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** Tests that start processes, servers or emulators, or take their time; every other test is a unit test. */
const integration = [
  'test/{cli,console,crash,infra,local,scripts,supply,wild}/**/*.test.ts',
  'test/adapters/{*,aws/*,dash-social/*,feeds/*,feeds/worker/*}.test.ts',
  'test/{import-rule,mutants,upgrades}.test.ts',
  'test/jobs/poll-cost.test.ts',
];

/** From one end to the other, in processes as a user's or as AWS's. */
const e2e = ['test/e2e/**/*.test.ts', 'test/local/run.test.ts'];
/** Those of them that `npm test` leaves to `npm run test:all`: they take minutes. */
const e2eAtLength = [
  'test/adapters/feeds/{parse/limits,polite-visitor}.test.ts',
  'test/e2e/{deployed,heavy-documents,kill,stage}.test.ts',
  'test/infra/{deploy,runtime-client}.test.ts',
  'test/local/{machine-faults,run-output,start}.test.ts',
  'test/cli/{local-target,preview-and-plan}.test.ts',
];
/** Tests that count steps by coverage, which misses what ran often before or came from the compile cache. */
const steps = 'test/**/*.steps.test.ts';

/** Each file and each child process would compile the same modules anew. */
const compileOnce = {
  env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/compiled/', import.meta.url)) },
};

type Options = NonNullable<TestProjectInlineConfiguration['test']>;

const project = (name: string, options: Options): TestProjectInlineConfiguration => ({
  extends: true,
  test: { ...options, name },
});

/** For tests of processes, which a busy machine slows down most. */
const patience = { testTimeout: 300_000, hookTimeout: 120_000 };
const sameLuck = { setupFiles: ['test/support/same-luck.ts'] };

/** The files of a worker share its modules: nothing that one leaves behind may be seen by another. */
const shared = { ...sameLuck, ...compileOnce, isolate: false };

const everyday = (atLength: boolean) => [
  project('unit', {
    ...shared,
    include: ['test/**/*.test.ts'],
    exclude: [...integration, ...e2e, ...e2eAtLength, steps],
  }),
  project('steps', { ...sameLuck, include: [steps] }),
  project('integration', {
    ...shared,
    ...patience,
    include: integration,
    exclude: [...e2e, ...e2eAtLength, steps],
  }),
  project('e2e', {
    ...shared,
    ...patience,
    include: [...e2e, ...e2eAtLength],
    exclude: atLength ? [] : e2eAtLength,
  }),
];

const onDemand = {
  /** In a real browser: Debian's chromium, or another that CHROMIUM names. */
  browser: project('browser', {
    include: ['test/browser/**/*.browser.ts'],
    fileParallelism: false, // one browser at a time
    env: { TZ: 'Europe/Berlin' },
  }),
  /** An hour or two, the random part with other examples in each run. */
  deep: project('deep', { include: ['test/**/*.deep.ts'], env: { SAMPLE: 'all' } }),
};

/** Whoever names files of tests gets all that they name. */
const namesFiles = process.argv.slice(2).some((arg) => /^(\.\/)?test\/|\.test\.ts$/.test(arg));

/** Projects that run only when `--project` or a file name asks for them: a plain `vitest` takes minutes. */
const requested = Object.entries(onDemand).flatMap(([name, found]) =>
  process.argv.slice(2).some((arg) => new RegExp(`(^|[=.])${name}(\\.ts)?$`).test(arg)) ? [found] : [],
);

/** `--mode all` goes through all of what takes long, else through a part of it: test/support/sample.ts. */
export default defineConfig(({ mode }) => ({
  test: {
    projects: [...everyday(mode === 'all' || namesFiles), ...requested],
    pool: 'forks', // threads ignore TZ
    // Node itself loads the files, as it does in production: faster than Vite's runner, and no test mocks a module.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    maxWorkers: availableParallelism(),
    testTimeout: 60_000, // a hang is found; a busy machine is none
    hookTimeout: 60_000,
    env: {
      TZ: 'America/St_Johns', // an odd zone: nothing may depend on the machine's
      ...(mode === 'all' && { SAMPLE: 'all' }),
    },
  },
}));
