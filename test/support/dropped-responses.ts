import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/**
 * Loses the responses of a client's next `count` requests after they reach the server, as a broken connection does.
 * The SDK then retries them.
 */
export const dropResponses = (client: DynamoDBClient, count: number): void => {
  let left = count;
  client.middlewareStack.add(
    (next) => async (args) => {
      const response = await next(args);
      if (left <= 0) return response;
      left -= 1;
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    },
    { step: 'deserialize', priority: 'low', name: 'dropAnswers', override: true },
  );
};
