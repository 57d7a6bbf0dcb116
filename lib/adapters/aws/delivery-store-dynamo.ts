import type { DeliveryStore } from '../../core/ports.ts';
import { parseDeliveries } from '../../core/webhooks/deliveries-row.ts';
import { type DynamoOptions, dynamoTable } from './dynamo-table.ts';
import { readTogether } from './read-together.ts';

/** The role of receive-webhook may only access items with this partition key (infra/roles.yml). */
const keyOf = (webhook: string) => ({ pk: 'webhook', sk: webhook });

/** The limit of one BatchGetItem. */
const rowsARequest = 100;

/**
 * The outcomes of each webhook's deliveries, in DynamoDB; rows requested in the same turn of the event loop
 * are one request. Throws permanent `deliveries.corrupt-row` and AppError
 * `store.*` (see DynamoTable).
 */
export const dynamoDeliveryStore = (options: DynamoOptions): DeliveryStore => {
  const table = dynamoTable(options);
  const rowOf = readTogether((ids) => table.getAll(ids.map(keyOf)), rowsARequest);

  return {
    read: async (webhook) => {
      const item = await rowOf(webhook);
      return item && parseDeliveries(webhook, item);
    },

    save: (row) => table.put(keyOf(row.webhook), row, row.rev === 1 ? null : row.rev - 1),
  };
};
