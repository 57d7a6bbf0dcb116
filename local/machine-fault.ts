import { AppError, misconfigured } from '../lib/core/errors.ts';

/** System errors for files, with their remedies. */
const remedies: Record<string, (path: string) => string> = {
  ENOSPC: (path) =>
    `The disk is full: nothing more can be written to ${path}. Free some space, then try again.`,
  EDQUOT: (path) =>
    `Your disk quota is used up: nothing more can be written to ${path}. Free some space, then try again.`,
  EROFS: (path) =>
    `${path} cannot be written, because its disk is read-only. Choose another folder with --data.`,
  EACCES: (path) =>
    `${path} cannot be read or written by this user. Change its owner or permissions, or choose another folder with --data.`,
  EPERM: (path) =>
    `${path} cannot be changed by this user. Change its owner or permissions, or choose another folder with --data.`,
  EEXIST: (path) => `${path} exists and is not a folder. Choose another folder with --data.`,
  ENOTDIR: (path) =>
    `${path} has a file in its path where a folder is needed. Choose another folder with --data.`,
  EISDIR: (path) => `${path} is a folder, but a file is needed. Choose another name, or move the folder.`,
  ENOENT: (path) => `${path} does not exist. Create its folder, or choose another one.`,
  EIO: (path) => `The disk failed while ${path} was read or written. Check the disk, then try again.`,
  EMFILE: (path) =>
    `${path} cannot be opened, because too many files are open. Close other programs, or raise the limit (ulimit -n).`,
};

/** LevelDB, which stores the local tables, passes on the system's error as text. */
const storeFault = (error: Error): AppError => {
  const full = /no space left on device/i.test(error.message);
  return misconfigured(
    full ? 'local.enospc' : 'local.store',
    full
      ? (remedies.ENOSPC as (path: string) => string)('the data folder')
      : `The data folder cannot be read or written (${error.message}). Check the disk, then start again.`,
    { cause: error },
  );
};

/**
 * Turns a system error into a sentence with a remedy: config `local.` and the system's code in lower case. Any other
 * error is returned unchanged.
 */
export const asMachineFault = (error: unknown): unknown => {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  const { code, path, syscall, dest } = error as NodeJS.ErrnoException & { dest?: string };
  if (code?.startsWith('LEVEL_') || /^IO error: /.test(error.message)) return storeFault(error);
  const remedy = code === undefined ? undefined : remedies[code];
  if (code === undefined || remedy === undefined || syscall === undefined) return error;
  const file = dest ?? path ?? (syscall === 'write' ? 'the file' : 'it');
  return misconfigured(`local.${code.toLowerCase()}`, remedy(file), { cause: error });
};
