import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { once } from '../core/once.ts';

/**
 * A call takes milliseconds. One that hangs is given up and tried again long before a function's time is over:
 * at worst 3 × (1 + 5) s and the pauses between. Connections are kept, which is the SDK's default.
 */
const patience = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
};

// One a process. Region, credentials and, on a laptop, the endpoint come from the environment that the SDK reads.
export const dynamoClient = once(() => new DynamoDBClient(patience));
export const sqsClient = once(() => new SQSClient(patience));
export const secretsClient = once(() => new SecretsManagerClient(patience));
