/** What to do about an error: try again later, never, or only after a setting of ours is corrected. */
export type ErrorKind = 'retryable' | 'permanent' | 'config';

type ErrorOptions = { cause?: unknown; retryAfterMs?: number; details?: Record<string, unknown> };

/**
 * The only error class. `code` is `area.reason` (`feed.unreachable`, `dash.rejected`), which is also the log event and
 * the operator's label. Messages name the field, the value's shape and the remedy, and never contain a secret or a
 * body.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly kind: ErrorKind;
  readonly code: string;
  /** Milliseconds from now before another try makes sense; only on retryable errors. */
  readonly retryAfterMs: number | undefined;
  readonly details: Record<string, unknown>;

  constructor(kind: ErrorKind, code: string, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
    this.details = options.details ?? {};
  }
}

const make = (kind: ErrorKind) => (code: string, message: string, options?: ErrorOptions) =>
  new AppError(kind, code, message, options);

/** A temporary problem outside. */
export const retryable = make('retryable');
/** The input is wrong and will stay wrong. */
export const permanent = make('permanent');
/** Our configuration is wrong: a token, a secret, a setting. */
export const misconfigured = make('config');
