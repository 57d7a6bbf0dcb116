import * as v from 'valibot';
import type { CreateOutcome, RateLimit } from '../ports.ts';
import { type ResponseHeaders, readRate, readThrottle } from './rate-headers.ts';

/** A response from Dash Social or a proxy. `body` is as much as could be read. */
export type DashResponse = { status: number; headers: ResponseHeaders; body: string };

/** A request to Dash Social; the token is used for the header only. */
export type DashRequest = {
  method: 'GET' | 'POST' | 'PATCH';
  url: string;
  token: string;
  body?: string;
  /** Called just before the request would be sent; false prevents it. */
  canStillSend?: () => boolean;
};

/** The result of one request. `left`: whether a byte of it may have reached the server. */
export type DashResult =
  | { kind: 'response'; response: DashResponse }
  | { kind: 'failed'; left: boolean; code: string; message: string }
  | { kind: 'kept' };

/** Sends one request, once. Never throws. */
export type SendDash = (request: DashRequest) => Promise<DashResult>;

const maxMessage = 500;
/** Dash Social's `errors` are stored up to this length, because they go into a row. */
const maxErrors = 8_000;

/** A body as JSON; null if it is not JSON. */
export const readJson = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
};

// The error format of the API documentation: code, errors, message, status. The framework that writes it omits
// `message` or `errors` if empty, so the code and one complete pair distinguish it from a proxy's JSON.
const PageError = v.pipe(
  v.looseObject({
    code: v.pipe(v.number(), v.integer()),
    errors: v.nullish(v.record(v.string(), v.unknown())),
    message: v.nullish(v.string()),
    status: v.nullish(v.string()),
  }),
  v.check(({ errors, message, status }) => Boolean(errors) || (Boolean(message) && Boolean(status))),
);

/** Whether a body is an error of the API itself, and not a proxy's. */
export const isApiError = (body: string): boolean => v.is(PageError, readJson(body));

const bounded = (errors: unknown): unknown => {
  const text = JSON.stringify(errors);
  return text.length > maxErrors ? { cut: text.slice(0, maxErrors) } : errors;
};

const Created = v.looseObject({
  id: v.pipe(v.union([v.number(), v.string()]), v.toNumber(), v.safeInteger()),
});

const idOf = (body: string): number | null => {
  const created = v.safeParse(Created, readJson(body));
  return created.success ? created.output.id : null;
};

const area: Readonly<Record<string, string>> = {
  '3': 'dash.redirected',
  '4': 'dash.refused',
  '5': 'dash.failed',
};

const codeOf = (status: number) => area[String(status)[0] ?? ''] ?? 'dash.unexpected-response';

const readRefusal = (status: number, body: string, rate: RateLimit): CreateOutcome => {
  const error = v.safeParse(PageError, readJson(body));
  if (!error.success) {
    const message = `Dash Social returned ${status} without its usual error body; nothing was created`;
    return { kind: 'not-created', code: 'dash.refused', message, rate };
  }
  const { message, status: name, errors } = error.output;
  const text = (message || name || `Dash Social returned ${status}`).slice(0, maxMessage);
  return { kind: 'rejected', status, message: text, errors: bounded(errors ?? {}), rate };
};

/**
 * Interprets the response to a new post. 2xx: created, with or without a readable ID. 400 and 422 in the API's own
 * error format: rejected permanently. Another 4xx, and a redirect: certainly not created, but not the post's fault.
 * 5xx, and 303, which means the request was carried out: it may exist.
 */
export const readCreated = ({ status, headers, body }: DashResponse, now: number): CreateOutcome => {
  const rate = readRate(headers, now);
  const code = codeOf(status);
  if (status >= 200 && status < 300) return { kind: 'created', postId: idOf(body), rate };
  if (status === 401) return { kind: 'unauthorized', rate };
  if (status === 403) return { kind: 'forbidden', rate };
  if (status === 429) return { kind: 'throttled', until: readThrottle(headers, now), rate };
  if (status === 400 || status === 422) return readRefusal(status, body, rate);
  if (status >= 500 || status === 303)
    return { kind: 'uncertain', code, message: `Dash Social returned ${status}; the post may exist`, rate };
  return { kind: 'not-created', code, message: `Dash Social returned ${status}; nothing was created`, rate };
};
