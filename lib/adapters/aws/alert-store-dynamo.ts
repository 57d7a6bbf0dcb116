import { parseAlert } from '../../core/alerts/alert-row.ts';
import { AppError } from '../../core/errors.ts';
import type { AlertStore } from '../../core/ports.ts';
import { type DynamoOptions, dynamoTable } from './dynamo-table.ts';

const keyOf = (id: string) => ({ pk: 'alert', sk: id });

type OnCorrupt = (id: string, message: string) => void;

/**
 * Alerts in DynamoDB; an unreadable one is reported and left out, so that it does not hide the others. Throws AppError
 * `store.*` (see DynamoTable).
 */
export const dynamoAlertStore = ({
  onCorrupt = () => {},
  ...options
}: DynamoOptions & { onCorrupt?: OnCorrupt }): AlertStore => {
  const table = dynamoTable(options);

  return {
    rows: async (limit) => {
      const rows = [];
      const items = table.query({
        where: '#hash = :hash',
        names: { '#hash': 'pk' },
        values: { ':hash': 'alert' },
        pageSize: limit,
      });
      for await (const item of items) {
        try {
          rows.push(parseAlert(String(item.sk), item));
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          onCorrupt(`alert ${item.sk}`, error.message);
        }
        if (rows.length >= limit) break;
      }
      return rows;
    },

    put: (row) => table.put(keyOf(row.id), row, row.rev === 1 ? null : row.rev - 1),

    remove: (row) => table.remove(keyOf(row.id), row.rev),
  };
};
