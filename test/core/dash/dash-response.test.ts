import { describe, expect, it } from 'vitest';
import { readCreated } from '../../../lib/core/dash/dash-response.ts';

const now = Date.parse('2026-03-01T00:00:10Z');
const read = (status: number, body: unknown) =>
  readCreated({ status, headers: {}, body: typeof body === 'string' ? body : JSON.stringify(body) }, now);
const page = {
  code: 422,
  errors: { text: ['Too long.'] },
  message: 'Wrong.',
  status: 'Unprocessable Entity',
};

describe('a created post', () => {
  it.each([
    { body: { id: 5, created_at: 'x' }, postId: 5 },
    { body: { id: '621242772' }, postId: 621_242_772 },
    { body: { id: 1.5 }, postId: null },
    { body: { id: 'abc' }, postId: null },
    { body: { id: null }, postId: null },
    { body: { data: { id: 5 } }, postId: null },
    { body: [], postId: null },
    { body: 'null', postId: null },
    { body: '', postId: null },
    { body: '<html>', postId: null },
    { body: '{"id": 12', postId: null },
  ])('has the ID $postId for $body', ({ body, postId }) => {
    expect(read(201, body)).toEqual({ kind: 'created', postId, rate: null });
  });

  it.each([200, 201, 202, 204, 299])('is recognized by status %i', (status) => {
    expect(read(status, '')).toMatchObject({ kind: 'created', postId: null });
  });
});

describe('a post refused with an error body', () => {
  it.each([
    { status: 422, body: page, message: 'Wrong.', errors: page.errors },
    { status: 400, body: { ...page, code: 400 }, message: 'Wrong.', errors: page.errors },
    {
      status: 422,
      body: { code: 422, errors: page.errors, status: 'Unprocessable Entity' },
      message: 'Unprocessable Entity',
      errors: page.errors,
    },
    {
      status: 422,
      body: { code: 422, errors: page.errors },
      message: 'Dash Social returned 422',
      errors: page.errors,
    },
    { status: 400, body: { code: 400, message: 'No.', status: 'Bad Request' }, message: 'No.', errors: {} },
    { status: 422, body: { ...page, more: 1 }, message: 'Wrong.', errors: page.errors },
  ])('is rejected for $status $body', ({ status, body, message, errors }) => {
    expect(read(status, body)).toEqual({ kind: 'rejected', status, message, errors, rate: null });
  });

  it('has its message and errors bounded to what a row can hold', () => {
    const outcome = read(422, {
      ...page,
      message: 'm'.repeat(9_000),
      errors: { text: ['e'.repeat(100_000)] },
    });

    expect(JSON.stringify(outcome).length).toBeLessThan(10_000);
    expect(outcome).toMatchObject({ kind: 'rejected', errors: { cut: expect.stringContaining('"text"') } });
  });
});

describe('a post that was certainly not created, and is not at fault', () => {
  it.each([
    { status: 422, body: '<html>' },
    { status: 400, body: '' },
    { status: 400, body: { message: 'Bad Request' } },
    { status: 422, body: { detail: 'x' } },
    { status: 422, body: { code: '422', errors: {}, message: 'x', status: 'y' } },
    { status: 422, body: { code: 422, message: 'x' } },
    { status: 422, body: { ...page, errors: 'x' } },
    { status: 422, body: [page] },
    { status: 404, body: page },
    { status: 402, body: page },
    { status: 405, body: '' },
    { status: 408, body: '' },
    { status: 409, body: page },
    { status: 413, body: '<html>' },
    { status: 451, body: '' },
  ])('is reported for $status $body', ({ status, body }) => {
    expect(read(status, body)).toMatchObject({
      kind: 'not-created',
      code: 'dash.refused',
      message: expect.stringContaining(String(status)),
    });
  });

  it.each([300, 301, 302, 304, 307, 308])('is reported for redirect %i', (status) => {
    expect(read(status, '')).toMatchObject({ kind: 'not-created', code: 'dash.redirected' });
  });
});

it.each([
  { status: 401, kind: 'unauthorized' },
  { status: 403, kind: 'forbidden' },
])('$status is $kind, whatever the body', ({ status, kind }) => {
  expect([read(status, page), read(status, '<html>')]).toEqual([
    { kind, rate: null },
    { kind, rate: null },
  ]);
});

it('429 is throttled, whatever the body', () => {
  expect(read(429, '<html>')).toEqual({ kind: 'throttled', until: now + 60_000, rate: null });
});

it.each([500, 502, 503, 504, 520, 599])('%i leaves the outcome unknown', (status) => {
  expect(read(status, page)).toMatchObject({ kind: 'uncertain', code: 'dash.failed' });
});

it('303, which means the request was carried out, leaves the outcome unknown', () => {
  expect(read(303, '')).toMatchObject({ kind: 'uncertain', code: 'dash.redirected' });
});
