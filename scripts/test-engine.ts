import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { javaVersion, startEngine, whyNoJava } from './amazon-engine.ts';

// Runs the tests that use DynamoDB on Amazon's own engine instead of the emulator. Usage: `npm run test:engine`,
// optionally with test files.

const root = join(import.meta.dirname, '..');

const suites = [
  'test/adapters/aws',
  'test/console/requests.test.ts',
  'test/e2e/pipeline.test.ts',
  'test/e2e/poison.test.ts',
  'test/infra/least-privilege.test.ts',
  'test/jobs/poll-cost.test.ts',
  'test/jobs/stored-entries.test.ts',
  'test/scripts/copy-table.test.ts',
];

const runTests = async (endpoint: string, files: readonly string[]): Promise<number> => {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const tests = spawn(process.execPath, [vitest, 'run', ...files], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, TEST_DYNAMODB: endpoint },
  });
  const [exitCode] = await once(tests, 'exit');
  return exitCode ?? 1;
};

const noJava = whyNoJava(javaVersion);
if (noJava) {
  console.error(noJava);
  process.exitCode = 2;
} else {
  const engine = await startEngine(join(root, 'node_modules/.cache/dynamodb-engine'));
  const given = process.argv.slice(2);
  try {
    process.exitCode = await runTests(engine.endpoint, given.length > 0 ? given : suites);
  } finally {
    await engine.close();
  }
}
