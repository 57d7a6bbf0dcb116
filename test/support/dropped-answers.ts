import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/**
 * Lets the next `count` requests of a client reach the server and loses their answers, as a broken connection
 * does. The SDK then sends them again by itself.
 */
export const dropAnswers = (client: DynamoDBClient, count: number): void => {
  let left = count;
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      if (left <= 0) return answer;
      left -= 1;
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    },
    { step: 'deserialize', priority: 'low', name: 'dropAnswers', override: true },
  );
};
