import type { MiddyfiedHandler } from '@middy/core';
import { AppError } from '../core/errors.ts';
import type { AppEvent, Report } from '../core/events.ts';
import { once } from '../core/once.ts';
import type { Invocation } from '../core/ports.ts';
import { HttpEvent, httpRequest, sourceIn } from '../core/webhooks/http-request.ts';
import type { Received, WebhookRequest } from '../core/webhooks/webhook.ts';
import { codeOf } from './disposition.ts';
import { edge, logError } from './edge.ts';
import { errorResponse, type HttpResponse, jsonResponse, statusOf } from './http-response.ts';
import { parse } from './parse.ts';
import { telemetry } from './telemetry.ts';

type Work = (
  delivered: { source: string | null; request: WebhookRequest },
  invocation: Invocation,
) => Promise<Received>;

/**
 * Of the function's 10 s: senders wait that long at most, so that a delivery gets a response within 8 s, even if it
 * is a 503.
 */
export const responseMarginMs = 2_500;

/** The only part of a request that is logged is the ID of an existing webhook. */
const knownSource = (error: unknown, source: string | null): string | null =>
  error instanceof AppError && error.code === 'webhook.unknown-source' ? null : source;

/** A refusal is an event; only a failure on our side is an error. */
const newsOf = (error: unknown, requestedId: string | null): AppEvent => {
  const status = statusOf(error);
  const source = knownSource(error, requestedId);
  if (!(error instanceof AppError && status < 500))
    return { event: 'webhook.failed', source, status, code: codeOf(error) };
  const { code, message } = error;
  return { event: 'webhook.refused', source, status, code, message };
};

const fail = (error: unknown, source: string | null): HttpResponse => {
  telemetry().report(newsOf(error, source));
  if (statusOf(error) >= 500) logError(telemetry(), error, { source });
  return errorResponse(error);
};

/**
 * A function behind an HTTP API or a function URL that receives deliveries. Every request gets a response: AWS would
 * respond to an invocation that threw with a 5xx, whether or not a retry helps.
 */
export const httpHandler = <Services>(
  job: (services: Services) => Work,
  services: (report: Report) => Services,
): MiddyfiedHandler<unknown, HttpResponse> => {
  const run = once(() => job(services(telemetry().report)));

  const response = async (event: unknown, invocation: Invocation): Promise<HttpResponse> => {
    let source: string | null = null;
    try {
      const request = httpRequest(parse(HttpEvent, event));
      source = sourceIn(request);
      return jsonResponse(200, await run()({ source, request }, invocation));
    } catch (error) {
      return fail(error, source);
    }
  };
  return edge(response, { marginMs: responseMarginMs }).onError((request) => {
    // Only the time-out is handled here; the middleware logs it.
    telemetry().report(newsOf(request.error, null));
    request.response = errorResponse(request.error);
  });
};
