import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

// Mutation tests: each patch in `test/mutants` is a deliberate fault that one of its listed tests must detect. Patches
// are applied to a copy of the tree, never to the checkout. Usage: `npm run test:mutation`, optionally with patch names.

const root = join(import.meta.dirname, '..');
const folder = join(root, 'test/mutants');

type Mutant = { name: string; patch: string; tests: string[] };
type Outcome = { red: string[]; seconds: number };

const readMutant = (file: string): Mutant => {
  const patch = join(folder, file);
  const [, tests = ''] = /^Noticed by: (.+)$/m.exec(readFileSync(patch, 'utf8')) ?? [];
  return { name: file.replace('.patch', ''), patch, tests: tests.split(' ').filter(Boolean) };
};

const run = (command: string, args: string[], cwd: string, env = {}) => {
  const options = { cwd, env: { ...process.env, ...env }, timeout: 600_000 };
  const done = spawnSync(command, args, { ...options, encoding: 'utf8' });
  if (done.error) throw done.error;
  return done;
};

const git = (args: string[], cwd: string) => {
  const { status, stdout, stderr } = run('git', args, cwd);
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout;
};

/** A copy of the working tree, with the dependencies of the checkout. */
const copyTree = (): string => {
  const copy = mkdtempSync(join(tmpdir(), 'mutants-'));
  const files = git(['ls-files', '-z', '--cached', '--others', '--exclude-standard'], root);
  for (const file of new Set(files.split('\0').filter(Boolean))) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
};

type Report = {
  success: boolean;
  testResults: { assertionResults: { status: string; fullName: string }[] }[];
};

/** Runs the tests until one fails; returns the failed ones. */
const redTests = (copy: string, tests: string[], bail: number): string[] => {
  const file = join(copy, 'report.json');
  rmSync(file, { force: true });
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const args = ['run', `--bail=${bail}`, '--reporter=json', `--outputFile=${file}`, ...tests];
  const { stderr } = run(process.execPath, [vitest, ...args], copy, { SAMPLE: 'all' });
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  const red = report.testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
  );
  if (red.length === 0 && !report.success) throw new Error(`vitest failed without a failed test: ${stderr}`);
  return red;
};

const tryMutant = (copy: string, { patch, tests }: Mutant): Outcome => {
  const started = performance.now();
  git(['apply', '-C1', patch], copy);
  try {
    return { red: redTests(copy, tests, 1), seconds: (performance.now() - started) / 1_000 };
  } finally {
    git(['apply', '-C1', '-R', patch], copy);
  }
};

const line = (name: string, { red, seconds }: Outcome) =>
  `${name.padEnd(36)} ${seconds.toFixed(0).padStart(4)} s  ${red[0] ?? 'SURVIVED: no test failed'}`;

const wanted = process.argv.slice(2);
const mutants = readdirSync(folder)
  .filter((file) => file.endsWith('.patch'))
  .map(readMutant)
  .filter(({ name }) => wanted.length === 0 || wanted.includes(name));

const copy = copyTree();
try {
  const red = redTests(copy, [...new Set(mutants.flatMap(({ tests }) => tests))], 0);
  if (red.length > 0) throw new Error(`failed without any mutant: ${red.join('; ')}`);
  let survivors = 0;
  for (const mutant of mutants) {
    const outcome = tryMutant(copy, mutant);
    survivors += outcome.red.length === 0 ? 1 : 0;
    console.log(line(mutant.name, outcome));
  }
  console.log(`${mutants.length} mutants, ${survivors} survived`);
  process.exitCode = survivors > 0 || mutants.length === 0 ? 1 : 0;
} finally {
  rmSync(copy, { recursive: true, force: true });
}
