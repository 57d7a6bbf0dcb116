import type { GateRow } from '../../core/circuit/gate.ts';
import { parseGateRow } from '../../core/circuit/gate-schema.ts';
import type { GateStore } from '../../core/ports.ts';
import { type DynamoOptions, dynamoTable } from './dynamo-table.ts';

/** A person's closing and a machine's are two rows, so that neither can undo the other. */
const keyOf = ({ scope, by }: GateRow) => ({ pk: 'gate', sk: `${by}/${scope}` });

/**
 * The gate in DynamoDB. Throws permanent `gate.corrupt-row` (a door that cannot be read might be closed, so nobody
 * goes through) and AppError `store.*` (see DynamoTable).
 */
export const dynamoGateStore = (options: DynamoOptions): GateStore => {
  const table = dynamoTable(options);

  return {
    rows: async () => {
      const rows: GateRow[] = [];
      const items = table.query({
        where: '#hash = :hash',
        names: { '#hash': 'pk' },
        values: { ':hash': 'gate' },
      });
      for await (const item of items) rows.push(parseGateRow(String(item.sk), item));
      return rows;
    },

    put: (row) => table.put(keyOf(row), row, row.rev === 1 ? null : row.rev - 1),

    remove: (row) => table.remove(keyOf(row), row.rev),
  };
};
