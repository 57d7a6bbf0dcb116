import { AppError } from '../lib/core/errors.ts';

/** What one check of `doctor` found; `todo`: what to do about it, where `says` does not tell already. */
export type Finding = {
  check: string;
  state: 'ok' | 'failed' | 'skipped';
  says: string;
  todo: string | null;
};

export const ok = (check: string, says: string): Finding => ({ check, state: 'ok', says, todo: null });
export const failed = (check: string, says: string, todo: string | null = null): Finding => ({
  check,
  state: 'failed',
  says,
  todo,
});
export const skipped = (check: string, says: string): Finding => ({
  check,
  state: 'skipped',
  says,
  todo: null,
});

/** Makes a check; what it throws is what it found, so that the others are made all the same. `todo`: what then. */
export const examine = async (
  check: string,
  look: () => Promise<Finding | Finding[]>,
  todo: (error: AppError) => string | null = () => null,
): Promise<Finding[]> => {
  try {
    return [await look()].flat();
  } catch (error) {
    if (error instanceof AppError) return [failed(check, error.message, todo(error))];
    const words = error instanceof Error ? error.message : String(error);
    return [failed(check, `an error that nobody foresaw: ${words}`)];
  }
};
