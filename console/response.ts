import type { ServerResponse } from 'node:http';
import { type Html, markupOf } from './html.ts';

/** A response. `headers` override the common ones. */
export type ConsoleResponse = {
  status: number;
  headers: Record<string, string>;
  /** Values of Set-Cookie. */
  cookies?: string[];
  body: string | Uint8Array;
};

/** Only our own resources; no inline scripts or styles; no framing; forms post to us only. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** `no-referrer` would have a browser write `Origin: null` on our own forms (Fetch, "append a request Origin header"). */
const always = {
  'content-security-policy': policy,
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
};

export const page = (body: Html, status = 200): ConsoleResponse => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: `<!doctype html>\n${markupOf(body)}`,
});

export const file = (type: string, body: string | Uint8Array, maxAgeS = 0): ConsoleResponse => ({
  status: 200,
  headers: { 'content-type': type, ...(maxAgeS > 0 && { 'cache-control': `private, max-age=${maxAgeS}` }) },
  body,
});

/** Redirects after a form, so that a reload repeats nothing. */
export const seeOther = (location: string): ConsoleResponse => ({
  status: 303,
  headers: { location },
  body: '',
});

export const json = (value: unknown): ConsoleResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

export const bare = (
  status: number,
  words: string,
  headers: Record<string, string> = {},
): ConsoleResponse => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
  body: `${words}\n`,
});

/** With the headers that every response has. */
export const complete = (reply: ConsoleResponse): ConsoleResponse => ({
  ...reply,
  headers: { ...always, ...reply.headers },
});

export const send = (response: ServerResponse, reply: ConsoleResponse, withBody: boolean): void => {
  const { status, headers, cookies = [], body } = complete(reply);
  const bytes = Buffer.from(body);
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  response.writeHead(status, { ...headers, 'content-length': bytes.length });
  response.end(withBody ? bytes : undefined);
};
