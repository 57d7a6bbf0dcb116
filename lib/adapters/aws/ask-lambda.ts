import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { maxAnswerBytes } from '../../core/enrich/answer.ts';
import { permanent, retryable } from '../../core/errors.ts';
import { isObject } from '../../core/is-object.ts';
import { awsError } from './aws-error.ts';

type Asked = { arn: string; body: string; timeoutMs: number };

/** Lambda reports an error of a function as `{ errorType, errorMessage }`. */
const errorOf = (text: string): string => {
  try {
    const error: unknown = JSON.parse(text);
    return isObject(error) ? `${error.errorType}: ${error.errorMessage}`.slice(0, 300) : 'an error';
  } catch {
    return 'an error';
  }
};

const nameOf = (arn: string): string => arn.split(':function:')[1] ?? arn;

/**
 * Invokes a function with JSON text and returns the text of its answer. Throws AppError `enrich.*`: retryable
 * `timeout`, `failing` (the function threw), `unreachable` and `throttled`, config `missing-function` and
 * `access-denied`, permanent `too-large`. The client must not repeat invocations.
 */
export const askLambda =
  (clientFor: (region: string) => Pick<LambdaClient, 'send'>) =>
  async ({ arn, body, timeoutMs }: Asked): Promise<string> => {
    const command = new InvokeCommand({ FunctionName: arn, Payload: new TextEncoder().encode(body) });
    const abortSignal = AbortSignal.timeout(timeoutMs);
    const sent = clientFor(arn.split(':')[3] ?? '').send(command, { abortSignal });
    const { Payload, FunctionError } = await sent.catch((error: unknown) => {
      if (abortSignal.aborted)
        throw retryable('enrich.timeout', `${nameOf(arn)} gave no answer within ${timeoutMs / 1_000} s`);
      throw awsError('enrich', 'function', arn, error);
    });
    const bytes = Payload ?? new Uint8Array();
    const text = new TextDecoder().decode(bytes.subarray(0, maxAnswerBytes));
    if (FunctionError !== undefined)
      throw retryable('enrich.failing', `${nameOf(arn)} failed with ${errorOf(text)}`);
    if (bytes.length > maxAnswerBytes)
      throw permanent(
        'enrich.too-large',
        `the answer of ${nameOf(arn)} is larger than ${maxAnswerBytes} bytes`,
      );
    return text;
  };
