import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { misconfigured } from '../../lib/core/errors.ts';
import { ownerOnly, ownerOnlyFolder } from '../atomic-file.ts';

/** `wasStale`: the last owner died without releasing the lock, so its last writes may be incomplete. */
type DataLock = { wasStale: boolean; release: () => void };

/** Folders locked by this process: its own ID in a lock file proves nothing after a restart in a container. */
const ours = new Set<string>();

/** Whether a process with this ID exists. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // alive, but owned by another user
  }
};

const isHeld = (file: string, owner: number): boolean =>
  owner === process.pid ? ours.has(file) : Number.isInteger(owner) && owner > 0 && isAlive(owner);

const create = (file: string): boolean => {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx', ...ownerOnly });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

const takeOver = (dir: string, file: string): void => {
  const owner = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (isHeld(file, owner)) {
    const message = `The data in ${dir} is in use by process ${owner}. Stop it first, or choose another folder with --data. If it is another program, delete ${file}.`;
    throw misconfigured('local.already-running', message);
  }
  rmSync(file, { force: true });
};

/** Locks a data folder, created if missing, for this process; throws config `local.already-running`. */
export const lockData = (dir: string): DataLock => {
  mkdirSync(dir, ownerOnlyFolder);
  const file = join(dir, 'lock');
  let wasStale = false;
  while (!create(file)) {
    takeOver(dir, file); // throws, and so ends the loop, if another process was faster
    wasStale = true;
  }
  ours.add(file);

  return {
    wasStale,
    release: () => {
      if (ours.delete(file)) rmSync(file, { force: true });
    },
  };
};
