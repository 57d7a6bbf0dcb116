import type { InvokeCommand, InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { expect, it } from 'vitest';
import { askLambda } from '../../../lib/adapters/aws/ask-lambda.ts';

const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:enrich:live';
type Output = Pick<InvokeCommandOutput, 'FunctionError'> & { text?: string };

/** A hook with this output; `asked` collects its regions and inputs. */
const hookWith = (output: Output | Error) => {
  const asked: unknown[] = [];
  const send = async (command: InvokeCommand) => {
    asked.push(command.input);
    if (output instanceof Error) throw output;
    const { text = '', ...rest } = output;
    return { ...rest, Payload: new TextEncoder().encode(text) };
  };
  const ask = askLambda((region) => {
    asked.push(region);
    return { send } as never;
  });
  return { asked, ask: () => ask({ arn, body: '{"a":1}', timeoutMs: 1_000 }) };
};

it('invokes the function in its region and returns its answer', async () => {
  const { asked, ask } = hookWith({ text: '{"text":"Better"}' });

  expect(await ask()).toBe('{"text":"Better"}');
  expect(asked).toEqual(['eu-west-1', { FunctionName: arn, Payload: new TextEncoder().encode('{"a":1}') }]);
});

const named = (name: string) => Object.assign(new Error('no'), { name, $metadata: {} });

it.each([
  [
    { FunctionError: 'Unhandled', text: '{"errorType":"Error","errorMessage":"no upload"}' },
    'enrich.failing',
    'enrich:live failed with Error: no upload',
  ],
  [{ text: 'x'.repeat(70_000) }, 'enrich.too-large', 'is larger than 65536 bytes'],
  [named('AccessDeniedException'), 'enrich.access-denied', 'AWS denies access to the function'],
  [named('ResourceNotFoundException'), 'enrich.missing-function', 'There is no function'],
  [named('TooManyRequestsException'), 'enrich.throttled', 'AWS throttles the function'],
  [named('TimeoutError'), 'enrich.unreachable', 'cannot be reached'],
])('an output of %o is reported as %s', async (output, code, message) => {
  await expect(hookWith(output).ask()).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message),
  });
});
