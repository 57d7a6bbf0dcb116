import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Functions, startFunctions } from '../../local/functions.ts';

const file = new URL('./functions/echo.ts', import.meta.url).href;
let lines: string[];
let functions: Functions;

beforeEach(() => {
  lines = [];
  functions = startFunctions({
    files: { echo: { file, timeoutMs: 5000 }, brief: { file, timeoutMs: 50 } },
    env: { ONLY: 'this' },
    onLog: (line) => lines.push(line),
  });
});

afterEach(() => functions.close());

describe('the functions of the local run', () => {
  test('get a name, a time limit and only the given environment', async () => {
    const answer = await functions.call('echo', {});

    expect(answer).toEqual({
      name: 'echo',
      left: expect.toSatisfy((ms: number) => ms > 3000 && ms <= 5000),
      env: { ONLY: 'this' },
    });
  });

  test('have their log lines collected before their response, and not printed', async () => {
    const say = Array.from({ length: 500 }, (_, i) => `{"line":${i}}`);

    await functions.call('echo', { say });

    expect(lines).toEqual(say);
  });

  test('fail with the thrown error, after their last log line', async () => {
    const failing = functions.call('echo', { say: ['before'], fail: 'broken' });

    await expect(failing).rejects.toThrow('broken');
    expect(lines).toEqual(['before']);
  });

  test('fail when the name is unknown', async () => {
    await expect(functions.call('unknown', {})).rejects.toThrow('unknown');
  });

  test('are killed with their thread when they block it, and work again at the next call', async () => {
    const blocked = functions.call('brief', { block: true });
    const beside = functions.call('brief', {});

    await expect(blocked).rejects.toThrow('ended');
    await expect(beside).rejects.toThrow('ended');
    await expect(functions.call('brief', {})).resolves.toMatchObject({ name: 'brief' });
  });

  test('are not delayed by each other', async () => {
    const blocked = functions.call('brief', { block: true });

    await expect(functions.call('echo', {})).resolves.toMatchObject({ name: 'echo' });
    await expect(blocked).rejects.toThrow('ended');
  });
});
