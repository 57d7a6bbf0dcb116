import type { MiddyfiedHandler } from '@middy/core';
import * as v from 'valibot';
import type { ReportVisit, VisitEvent } from '../core/access/visit-event.ts';
import type { Report } from '../core/events.ts';
import { once } from '../core/once.ts';
import { edge, logError } from './edge.ts';
import type { HttpResponse } from './http-response.ts';
import { parse } from './parse.ts';
import { telemetry } from './telemetry.ts';

/** A request for a page, with its cookies in one header. */
export type PageRequest = {
  method: string;
  /** Path and query. */
  target: string;
  headers: Readonly<Record<string, string>>;
  /** The body; null when it is larger. */
  read: (maxBytes: number) => Promise<Uint8Array | null>;
};

export type PageReply = {
  status: number;
  headers: Record<string, string>;
  cookies?: string[];
  body: string | Uint8Array;
};

/**
 * The fields of an HTTP API event that a page is made from (payload format 2.0), which has cookies in a list of their
 * own: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
const PageEvent = v.object({
  rawPath: v.string(),
  rawQueryString: v.optional(v.string(), ''),
  cookies: v.optional(v.array(v.string()), []),
  headers: v.optional(v.record(v.string(), v.string()), {}),
  requestContext: v.object({ http: v.object({ method: v.string() }) }),
  body: v.optional(v.nullable(v.string()), null),
  isBase64Encoded: v.optional(v.boolean(), false),
});
type PageEvent = v.InferOutput<typeof PageEvent>;

const requestOf = (event: PageEvent): PageRequest => {
  const { rawPath, rawQueryString, cookies, headers, body, isBase64Encoded } = event;
  const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    method: event.requestContext.http.method.toUpperCase(),
    target: rawQueryString === '' ? rawPath : `${rawPath}?${rawQueryString}`,
    headers: { ...Object.fromEntries(lower), cookie: cookies.join('; ') },
    read: async (maxBytes) => (bytes.length > maxBytes ? null : bytes),
  };
};

/** Lambda passes on 6 MB at most, and base64 takes a third more. */
const maxBytes = 4_000_000;

const responseOf = ({ status, headers, cookies = [], body }: PageReply): HttpResponse => {
  const bytes = Buffer.from(body);
  if (bytes.length > maxBytes) return responseOf({ status: 404, headers: {}, body: 'Too large to show.\n' });
  const isText = typeof body === 'string';
  return {
    statusCode: status,
    headers,
    ...(cookies.length > 0 && { cookies }),
    body: isText ? body : bytes.toString('base64'),
    isBase64Encoded: !isText,
  };
};

const unavailable: HttpResponse = {
  statusCode: 503,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', 'retry-after': '5' },
  body: 'The console did not respond in time. Try again.\n',
};

/** Of the function's 15 s. */
const marginMs = 2_000;

const levels: Record<VisitEvent['event'], 'info' | 'warn'> = {
  'console.signed-in': 'info',
  'console.refused': 'warn',
  'console.acted': 'info',
  'console.failed': 'warn',
};

const reportVisit: ReportVisit = ({ event, ...data }) => telemetry().log[levels[event]](event, { data });

type Log = { report: Report; reportVisit: ReportVisit; onError: (error: unknown) => void };

/** A function behind an HTTP API that shows pages. Every request gets a response, a slow one 503. */
export const pageHandler = (
  open: (log: Log) => (request: PageRequest) => Promise<PageReply>,
): MiddyfiedHandler<unknown, HttpResponse> => {
  const pages = once(() =>
    open({ report: telemetry().report, reportVisit, onError: (error) => logError(telemetry(), error) }),
  );
  const response = async (event: unknown): Promise<HttpResponse> => {
    try {
      const reply = responseOf(await pages()(requestOf(parse(PageEvent, event))));
      // So that the alarm for throttled webhooks can tell them from the other 4xx of the API.
      if (reply.statusCode >= 400 && reply.statusCode < 500) telemetry().count('ConsoleRefused');
      return reply;
    } catch (error) {
      logError(telemetry(), error);
      return unavailable;
    }
  };
  return edge(response, { marginMs }).onError((request) => {
    request.response = unavailable; // the middleware has logged the time-out
  });
};
