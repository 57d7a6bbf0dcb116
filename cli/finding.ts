import { AppError } from '../lib/core/errors.ts';

/** What one check of `doctor` found. `fix`: what to do about it, unless `text` includes that. */
export type Finding = {
  check: string;
  state: 'ok' | 'failed' | 'skipped';
  text: string;
  fix: string | null;
};

export const ok = (check: string, text: string): Finding => ({ check, state: 'ok', text, fix: null });
export const failed = (check: string, text: string, fix: string | null = null): Finding => ({
  check,
  state: 'failed',
  text,
  fix,
});
export const skipped = (check: string, text: string): Finding => ({
  check,
  state: 'skipped',
  text,
  fix: null,
});

/** Makes a check. An error is its finding, so that the other checks are still made; `fix`: how to fix it. */
export const examine = async (
  check: string,
  look: () => Promise<Finding | Finding[]>,
  fix: (error: AppError) => string | null = () => null,
): Promise<Finding[]> => {
  try {
    return [await look()].flat();
  } catch (error) {
    if (error instanceof AppError) return [failed(check, error.message, fix(error))];
    const message = error instanceof Error ? error.message : String(error);
    return [failed(check, `unexpected error: ${message}`)];
  }
};
