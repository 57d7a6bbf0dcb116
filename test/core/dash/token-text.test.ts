import { describe, expect, it } from 'vitest';
import { readToken } from '../../../lib/core/dash/token-text.ts';
import { AppError } from '../../../lib/core/errors.ts';

describe('the text of a secret', () => {
  it.each([
    { text: 'abc.DEF-123_~+/=', token: 'abc.DEF-123_~+/=' },
    { text: '  abc\r\n', token: 'abc' },
    { text: '{"token":"abc"}', token: 'abc' },
    { text: ' {\n  "token": " abc\\n",\n  "other": 1\n}\n', token: 'abc' },
  ])('$text contains $token', ({ text, token }) => {
    expect(readToken(text)).toBe(token);
  });

  it.each([
    { text: '', code: 'token.missing' },
    { text: ' \n', code: 'token.missing' },
    { text: '{}', code: 'token.missing' },
    { text: '{"token":""}', code: 'token.missing' },
    { text: '{"Token":"hidden"}', code: 'token.missing' },
    { text: '{"token":5}', code: 'token.malformed' },
    { text: '{"token":null}', code: 'token.malformed' },
    { text: '{"token":{"hidden":1}}', code: 'token.malformed' },
    { text: '{"token":"hidden"', code: 'token.malformed' },
    { text: '{hidden}', code: 'token.malformed' },
    { text: '"hidden"', code: 'token.malformed' },
    { text: "'hidden'", code: 'token.malformed' },
    { text: 'Bearer hidden', code: 'token.malformed' },
    { text: 'hid\nden', code: 'token.malformed' },
    { text: 'hid\u0000den', code: 'token.malformed' },
    { text: 'hid\u007fden', code: 'token.malformed' },
    { text: 'hiddén', code: 'token.malformed' },
    { text: '\u200bhidden', code: 'token.malformed' },
  ])('$text is $code, and the error does not repeat it', ({ text, code }) => {
    let error: unknown;

    try {
      readToken(text);
    } catch (thrown) {
      error = thrown;
    }

    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ kind: 'config', code });
    expect(`${(error as AppError).message} ${(error as AppError).cause}`).not.toMatch(/hid/);
  });
});
