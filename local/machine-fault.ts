import { AppError, misconfigured } from '../lib/core/errors.ts';

/** System errors for files, with their remedies. */
const remedies: Record<string, (path: string) => string> = {
  ENOSPC: (path) => `The disk is full: nothing more can be written to ${path}. Make room, and do it again.`,
  EDQUOT: (path) =>
    `Your share of the disk is used up: nothing more can be written to ${path}. Make room, and do it again.`,
  EROFS: (path) =>
    `${path} cannot be written, because its disk is read-only: choose another place, for the data with --data.`,
  EACCES: (path) =>
    `${path} may not be read or written by this user: change whose it is, or choose another place, for the data with --data.`,
  EPERM: (path) =>
    `${path} may not be changed by this user: change whose it is, or choose another place, for the data with --data.`,
  EEXIST: (path) =>
    `${path} is there already and is no folder: choose another place, for the data with --data.`,
  ENOTDIR: (path) =>
    `${path} leads through a file as if it were a folder: choose another place, for the data with --data.`,
  EISDIR: (path) =>
    `${path} is a folder, where a file should be: choose another place, or move the folder away.`,
  ENOENT: (path) => `${path} is not there: make the folder it is to be in, or choose another place.`,
  EIO: (path) => `The disk failed while ${path} was read or written: see to the disk, and do it again.`,
  EMFILE: (path) =>
    `Too many files are open to open ${path}: close other programs, or raise the limit (ulimit -n).`,
};

/** LevelDB, which stores the local tables, passes on the system's error as text. */
const storeFault = (error: Error): AppError => {
  const full = /no space left on device/i.test(error.message);
  return misconfigured(
    full ? 'local.enospc' : 'local.store',
    full
      ? (remedies.ENOSPC as (path: string) => string)('the data folder')
      : `The data folder cannot be read or written (${error.message}): see to the disk, and start again.`,
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
