import { type ActivityRow, activityKeepMs, parseActivity } from '../../core/activity/activity-row.ts';
import { AppError } from '../../core/errors.ts';
import type { ActivityStore } from '../../core/ports.ts';
import { type DynamoOptions, dynamoTable } from './dynamo-table.ts';

const keyOf = (id: string) => ({ pk: 'activity', sk: id });

type OnCorrupt = (id: string, message: string) => void;

/** DynamoDB removes items by `expiresAt`, in epoch seconds. */
const itemOf = (row: ActivityRow) => ({ ...row, expiresAt: Math.ceil((row.at + activityKeepMs) / 1000) });

/**
 * What people did, in one partition of the feeds table, which holds a thousand writes a second. An unreadable row is
 * reported and left out. Throws AppError `store.*` (see DynamoTable).
 */
export const dynamoActivityStore = ({
  onCorrupt = () => {},
  ...options
}: DynamoOptions & { onCorrupt?: OnCorrupt }): ActivityStore => {
  const table = dynamoTable(options);
  const parsed = (id: string, item: unknown): ActivityRow | null => {
    try {
      return parseActivity(id, item);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      onCorrupt(`activity ${id}`, error.message);
      return null;
    }
  };

  return {
    read: async (id) => {
      const item = await table.get(keyOf(id));
      return item && parsed(id, item);
    },

    put: (row) => table.put(keyOf(row.id), itemOf(row), row.rev === 1 ? null : row.rev - 1),

    remove: (row) => table.remove(keyOf(row.id), row.rev),

    latest: async ({ limit, before }) => {
      const rows: ActivityRow[] = [];
      const items = table.query({
        where: before === undefined ? '#hash = :hash' : '#hash = :hash AND #range < :before',
        names: { '#hash': 'pk', ...(before !== undefined && { '#range': 'sk' }) },
        values: { ':hash': 'activity', ...(before !== undefined && { ':before': before }) },
        pageSize: limit,
        reverse: true,
      });
      let left = limit;
      for await (const item of items) {
        const row = parsed(String(item.sk), item);
        if (row) rows.push(row);
        if (--left <= 0) break;
      }
      return rows;
    },
  };
};
