import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { AppError } from '../core/errors.ts';

/** The response format of an HTTP API and a function URL (payload format 2.0). */
export type HttpResponse = APIGatewayProxyStructuredResultV2 & { statusCode: number };

/** The default Retry-After. */
const usualPauseMs = 30_000;

/** The public text of errors. The reason for a refused signature would only help a forger. */
const words: Record<number, string> = {
  400: 'unreadable',
  401: 'not authentic',
  404: 'no such webhook',
  413: 'too large',
  500: 'out of order',
  503: 'try again later',
};

export const jsonResponse = (
  statusCode: number,
  body: object,
  headers: Record<string, string> = {},
): HttpResponse => ({
  statusCode,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** Errors of the sender are 4xx, our settings are 500, temporary errors are 503. */
export const statusOf = (error: unknown): number => {
  if (!(error instanceof AppError) || error.kind === 'retryable') return 503;
  if (error.kind === 'config') return 500;
  if (error.code === 'webhook.unknown-source') return 404;
  if (error.code.endsWith('.too-large')) return 413;
  return error.code.startsWith('signature.') ? 401 : 400;
};

const pauseMs = (error: unknown): number =>
  (error instanceof AppError ? error.retryAfterMs : undefined) ?? usualPauseMs;

/** The response to a request that failed. Never 410, after which a well-known sender deletes its webhook. */
export const errorResponse = (error: unknown): HttpResponse => {
  const status = statusOf(error);
  const retryAfter = { 'retry-after': String(Math.max(1, Math.ceil(pauseMs(error) / 1000))) };
  return jsonResponse(status, { error: words[status] }, status === 503 ? retryAfter : {});
};
