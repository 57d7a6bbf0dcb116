import { Buffer } from 'node:buffer';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import {
  HttpEvent,
  httpRequest,
  largestBodyBytes,
  readPayload,
} from '../../../lib/core/webhooks/http-request.ts';
import { requestOf } from '../../webhooks/delivery.ts';

/** An API Gateway event, reduced to the fields that are read and two that are not. */
const eventOf = (rest: Partial<HttpEvent> = {}) =>
  v.parse(HttpEvent, {
    version: '2.0',
    routeKey: 'POST /hooks/{source}',
    rawPath: '/hooks/blog-ghost',
    rawQueryString: 'token=a%20b',
    headers: { 'Content-Type': 'application/json', 'X-Ghost-Signature': 'sha256=00, t=1' },
    requestContext: { http: { method: 'POST' } },
    ...rest,
  });

const codeOf = (code: string) => expect.objectContaining({ name: 'AppError', kind: 'permanent', code });

test('method, path, query and lower-case headers come from the event', () => {
  expect(httpRequest(eventOf({ body: '{}' }))).toEqual({
    method: 'POST',
    path: '/hooks/blog-ghost',
    query: { token: 'a b' },
    headers: { 'content-type': 'application/json', 'x-ghost-signature': 'sha256=00, t=1' },
    bytes: Buffer.from('{}'),
  });
});

test('a body in base64 and as text yields the same bytes', () => {
  const body = '{"title":"Käse ☕"}';

  const asText = httpRequest(eventOf({ body }));
  const asBase64 = httpRequest(
    eventOf({ body: Buffer.from(body).toString('base64'), isBase64Encoded: true }),
  );

  expect(asBase64.bytes).toEqual(asText.bytes);
});

test('binary bytes in base64 are unchanged', () => {
  const bytes = Buffer.from([0, 255, 128, 10]);

  const request = httpRequest(eventOf({ body: bytes.toString('base64'), isBase64Encoded: true }));

  expect(request.bytes).toEqual(bytes);
});

test('a missing body yields no bytes', () => {
  expect(httpRequest(eventOf()).bytes).toHaveLength(0);
});

test('the largest body is accepted and one more byte is not, in base64 and as text', () => {
  const full = 'x'.repeat(largestBodyBytes);
  const encoded = (text: string) => ({ body: Buffer.from(text).toString('base64'), isBase64Encoded: true });

  expect(httpRequest(eventOf({ body: full })).bytes).toHaveLength(largestBodyBytes);
  expect(httpRequest(eventOf(encoded(full))).bytes).toHaveLength(largestBodyBytes);
  expect(() => httpRequest(eventOf({ body: `${full}x` }))).toThrow(codeOf('webhook.too-large'));
  expect(() => httpRequest(eventOf(encoded(`${full}x`)))).toThrow(codeOf('webhook.too-large'));
});

test('the limit counts bytes, not characters', () => {
  expect(() => httpRequest(eventOf({ body: '€'.repeat(largestBodyBytes / 2) }))).toThrow(
    codeOf('webhook.too-large'),
  );
});

test.each([
  ['an object', '{"a":1}', { a: 1 }],
  ['a list', '[1]', [1]],
  ['null', 'null', null],
  ['a leading byte order mark', '\ufeff{"a":1}', { a: 1 }],
  ['PHP escapes', '{"a":"https:\\/\\/x\\u00e9"}', { a: 'https://xé' }],
  ['brackets inside strings', `{"a":"\\"${'['.repeat(500)}"}`, { a: `"${'['.repeat(500)}` }],
])('a body is parsed: %s', (_what, body, payload) => {
  expect(readPayload(requestOf(body))).toEqual(payload);
});

test.each([
  ['an empty body', ''],
  ['not JSON', 'post=1'],
  ['incomplete JSON', '{"a":'],
  ['a number', '42'],
  ['a bare string', '"text"'],
])('a body is unreadable: %s', (_what, body) => {
  expect(() => readPayload(requestOf(body))).toThrow(codeOf('webhook.unreadable'));
});

test('a body that is not UTF-8 is unreadable', () => {
  const latin1 = Uint8Array.from([0x7b, 0x22, 0xe9, 0x22, 0x3a, 0x31, 0x7d]);

  expect(() => readPayload(requestOf(latin1))).toThrow(codeOf('webhook.unreadable'));
});

test('a hundred nesting levels are parsed, but no more', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

  expect(readPayload(requestOf(nested(100)))).toBeInstanceOf(Array);
  expect(() => readPayload(requestOf(nested(101)))).toThrow(codeOf('webhook.unreadable'));
  expect(() => readPayload(requestOf('{"a":'.repeat(500_000)))).toThrow(codeOf('webhook.unreadable'));
});

test.each(['application/x-www-form-urlencoded', 'Application/X-WWW-Form-Urlencoded; charset=utf-8'])(
  '%s is refused if the source sends no forms',
  (type) => {
    const headers = { 'content-type': type };
    const signedJson = JSON.stringify({ title: '&payload={"id":"another"}&' });

    expect(() => readPayload(requestOf(signedJson, { headers }))).toThrow(codeOf('webhook.unreadable'));
  },
);

test('a form with a payload field is parsed, as GitHub sends by default', () => {
  const form = new URLSearchParams({ payload: '{"action":"published"}' }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };

  const takesForms = { takesForms: true };
  expect(readPayload(requestOf(form, { headers }), takesForms)).toEqual({ action: 'published' });
  expect(() => readPayload(requestOf('a=1', { headers }), takesForms)).toThrow(codeOf('webhook.unreadable'));
});

test('the error for an unreadable body does not contain the body, nor does its cause', () => {
  try {
    readPayload(requestOf('{"secret": tops3cret}'));
    expect.unreachable();
  } catch (error) {
    expect(`${error} ${(error as Error).cause}`).not.toContain('tops3cret');
  }
});
