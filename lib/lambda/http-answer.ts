import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { AppError } from '../core/errors.ts';

/** What an HTTP API and a function URL take for an answer (payload format 2.0). */
export type HttpAnswer = APIGatewayProxyStructuredResultV2 & { statusCode: number };

/** When whoever is told nothing else is to come again. */
const usualPauseMs = 30_000;

/** Everything that the outside is told of an error. Why a signature was refused would help nobody but who forges one. */
const words: Record<number, string> = {
  400: 'unreadable',
  401: 'not authentic',
  404: 'no such webhook',
  413: 'too large',
  500: 'out of order',
  503: 'try again later',
};

export const jsonAnswer = (
  statusCode: number,
  body: object,
  headers: Record<string, string> = {},
): HttpAnswer => ({
  statusCode,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** What the sender can change is 4xx, what a person here has to mend is 500, what may pass by itself is 503. */
export const statusOf = (error: unknown): number => {
  if (!(error instanceof AppError) || error.kind === 'retryable') return 503;
  if (error.kind === 'config') return 500;
  if (error.code === 'webhook.unknown-source') return 404;
  if (error.code.endsWith('.too-large')) return 413;
  return error.code.startsWith('signature.') ? 401 : 400;
};

const pauseMs = (error: unknown): number =>
  (error instanceof AppError ? error.retryAfterMs : undefined) ?? usualPauseMs;

/** The answer to a request that failed. Never 410, at which a well-known sender deletes its webhook for good. */
export const errorAnswer = (error: unknown): HttpAnswer => {
  const status = statusOf(error);
  const retryAfter = { 'retry-after': String(Math.max(1, Math.ceil(pauseMs(error) / 1000))) };
  return jsonAnswer(status, { error: words[status] }, status === 503 ? retryAfter : {});
};
