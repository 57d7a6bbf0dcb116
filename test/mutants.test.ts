import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const patches = readdirSync(join(root, 'test/mutants')).filter((file) => file.endsWith('.patch'));

describe('a deliberate fault', () => {
  it.each(patches)('still applies, and names existing tests: %s', (patch) => {
    const file = join(root, 'test/mutants', patch);

    execFileSync('git', ['apply', '--check', '-C1', file], { cwd: root, stdio: 'pipe' });

    const [, tests = ''] = /^Noticed by: (.+)$/m.exec(readFileSync(file, 'utf8')) ?? [];
    expect(tests.split(' ').filter((test) => !existsSync(join(root, test)))).toEqual([]);
  });

  it('exists for at least forty places', () => expect(patches.length).toBeGreaterThanOrEqual(40));
});
