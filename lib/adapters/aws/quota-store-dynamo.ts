import { parseQuota } from '../../core/editorial/quota-row.ts';
import type { QuotaStore } from '../../core/ports.ts';
import { type DynamoOptions, dynamoTable } from './dynamo-table.ts';

const keyOf = (feed: string) => ({ pk: 'quotas', sk: feed });

/**
 * The drafts and slots that count towards limits, in DynamoDB. Throws permanent `quotas.corrupt-row` and AppError
 * `store.*` (see DynamoTable).
 */
export const dynamoQuotaStore = (options: DynamoOptions): QuotaStore => {
  const table = dynamoTable(options);

  return {
    read: async (feed) => {
      const item = await table.get(keyOf(feed));
      return item && parseQuota(feed, item);
    },

    save: (row) => table.put(keyOf(row.feed), row, row.rev === 1 ? null : row.rev - 1),
  };
};
