import { describe, expect, it } from 'vitest';
import { asMachineFault } from '../../local/machine-fault.ts';

describe('asMachineFault', () => {
  const thrown = (code: string, path?: string) =>
    Object.assign(new Error(`${code}: as reported by the system`), {
      code,
      syscall: 'open',
      path,
    });

  it.each([
    ['ENOSPC', 'The disk is full: nothing more can be written to /data/x. Make room'],
    ['EDQUOT', 'Your share of the disk is used up'],
    ['EROFS', '/data/x cannot be written, because its disk is read-only: choose another place'],
    ['EACCES', '/data/x may not be read or written by this user'],
    ['EPERM', '/data/x may not be changed by this user'],
    ['EEXIST', '/data/x is there already and is no folder'],
    ['ENOTDIR', '/data/x leads through a file'],
    ['EISDIR', '/data/x is a folder, where a file should be'],
    ['ENOENT', '/data/x is not there'],
    ['EIO', 'The disk failed while /data/x was read or written'],
    ['EMFILE', 'Too many files are open to open /data/x'],
  ])('turns %s into a sentence with a remedy', (code, words) => {
    expect(asMachineFault(thrown(code, '/data/x'))).toMatchObject({
      kind: 'config',
      code: `local.${code.toLowerCase()}`,
      message: expect.stringContaining(words),
    });
  });

  it.each([new TypeError('ours'), thrown('ECONNREFUSED'), 'a text'])('leaves %s unchanged', (error) => {
    expect(asMachineFault(error)).toBe(error);
  });
});
