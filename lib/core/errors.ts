/** What an error decides: try again later, never again, or not before a person has mended our own settings. */
export type ErrorKind = 'retryable' | 'permanent' | 'config';

type ErrorOptions = { cause?: unknown; retryAfterMs?: number; details?: Record<string, unknown> };

/**
 * The only error class. `code` is `area.reason` (`feed.unreachable`, `dash.rejected`): it is the log event and
 * the operator's label too. Messages name the field, the value's shape and the remedy; never a secret or a body.
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

/** The world is briefly wrong. */
export const retryable = make('retryable');
/** The input is wrong and stays wrong. */
export const permanent = make('permanent');
/** We are wrong: a token, a secret, a setting. */
export const misconfigured = make('config');
