import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** Tests that start processes, servers or emulators, or take their time; every other test is a unit test. */
const integration = [
  'test/{crash,infra,local,scripts,supply,wild}/**/*.test.ts',
  'test/adapters/{*,worker/*}.test.ts',
  'test/{import-rule,mutants,upgrades}.test.ts',
  'test/jobs/poll-cost.test.ts',
];
const e2e = 'test/e2e/**/*.test.ts';
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
const patience = { testTimeout: 120_000, hookTimeout: 120_000 };
const sameLuck = { setupFiles: ['test/support/same-luck.ts'] };

const everyday = [
  // The files of a worker share its modules: nothing that one leaves behind may be seen by another.
  project('unit', {
    ...sameLuck,
    include: ['test/**/*.test.ts'],
    exclude: [...integration, e2e, steps],
    isolate: false,
  }),
  project('steps', { ...sameLuck, include: [steps] }),
  project('integration', { ...sameLuck, ...patience, ...compileOnce, include: integration }),
  project('e2e', { ...sameLuck, ...patience, ...compileOnce, include: [e2e] }),
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

/** Projects that run only when `--project` or a file name asks for them: a plain `vitest` takes minutes. */
const requested = Object.entries(onDemand).flatMap(([name, found]) =>
  process.argv.slice(2).some((arg) => new RegExp(`(^|[=.])${name}(\\.ts)?$`).test(arg)) ? [found] : [],
);

/** `--mode all` goes through all of what takes long, else through a part of it: test/support/sample.ts. */
export default defineConfig(({ mode }) => ({
  test: {
    projects: [...everyday, ...requested],
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
