import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const patches = readdirSync(join(root, 'test/mutants')).filter((file) => file.endsWith('.patch'));

/** The lines of a patch before or after it, without their indentation. */
const linesOf = (patch: string, sides: RegExp): string[] =>
  patch
    .slice(patch.indexOf('\n@@'))
    .split('\n')
    .filter((line) => sides.test(line))
    .map((line) => line.slice(1).trim());

describe('a deliberate fault', () => {
  it.each(patches)('still applies, and names existing tests: %s', (patch) => {
    const file = join(root, 'test/mutants', patch);

    execFileSync('git', ['apply', '--check', '-C1', file], { cwd: root, stdio: 'pipe' });

    const text = readFileSync(file, 'utf8');
    const [, tests = ''] = /^Noticed by: (.+)$/m.exec(text) ?? [];
    expect(tests.split(' ').filter((test) => !existsSync(join(root, test)))).toEqual([]);
    expect(linesOf(text, /^[ +]/), 'more than indentation changes').not.toEqual(linesOf(text, /^[ -]/));
  });

  it('exists for at least forty places', () => expect(patches.length).toBeGreaterThanOrEqual(40));
});
