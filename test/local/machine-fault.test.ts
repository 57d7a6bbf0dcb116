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
    ['ENOSPC', 'The disk is full: nothing more can be written to /data/x. Free some space'],
    ['EDQUOT', 'Your disk quota is used up'],
    ['EROFS', '/data/x cannot be written, because its disk is read-only. Choose another folder'],
    ['EACCES', '/data/x cannot be read or written by this user'],
    ['EPERM', '/data/x cannot be changed by this user'],
    ['EEXIST', '/data/x exists and is not a folder'],
    ['ENOTDIR', '/data/x has a file in its path'],
    ['EISDIR', '/data/x is a folder, but a file is needed'],
    ['ENOENT', '/data/x does not exist'],
    ['EIO', 'The disk failed while /data/x was read or written'],
    ['EMFILE', '/data/x cannot be opened, because too many files are open'],
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
