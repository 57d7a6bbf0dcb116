import { AppError } from '../../lib/core/errors.ts';

/** What one check of `doctor` found; `todo`: what to do about it, where `says` does not tell already. */
export type Finding = {
  check: string;
  state: 'ok' | 'amiss' | 'skipped';
  says: string;
  todo: string | null;
};

export const ok = (check: string, says: string): Finding => ({ check, state: 'ok', says, todo: null });
export const amiss = (check: string, says: string, todo: string | null = null): Finding => ({
  check,
  state: 'amiss',
  says,
  todo,
});
export const skipped = (check: string, says: string): Finding => ({
  check,
  state: 'skipped',
  says,
  todo: null,
});

/** Makes a check; what it throws is what it found, so that the others are made all the same. */
export const examine = async (
  check: string,
  look: () => Promise<Finding | Finding[]>,
): Promise<Finding[]> => {
  try {
    return [await look()].flat();
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return [amiss(check, error instanceof AppError ? words : `an error that nobody foresaw: ${words}`)];
  }
};
