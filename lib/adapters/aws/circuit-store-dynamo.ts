import type { CircuitRow } from '../../core/circuit/circuit-row.ts';
import { parseCircuitRow } from '../../core/circuit/circuit-row.ts';
import type { CircuitStore } from '../../core/ports.ts';
import { type DynamoOptions, dynamoTable } from './dynamo-table.ts';

/** A manual pause and an automatic opening are two rows, so that neither can undo the other. */
const keyOf = ({ scope, by }: CircuitRow) => ({ pk: 'circuit', sk: `${by}/${scope}` });

/**
 * The circuit breaker in DynamoDB. Throws permanent `circuit.corrupt-row` (an unreadable circuit might be open, so
 * nothing is posted) and AppError `store.*` (see DynamoTable).
 */
export const dynamoCircuitStore = (options: DynamoOptions): CircuitStore => {
  const table = dynamoTable(options);

  return {
    rows: async () => {
      const rows: CircuitRow[] = [];
      const items = table.query({
        where: '#hash = :hash',
        names: { '#hash': 'pk' },
        values: { ':hash': 'circuit' },
      });
      for await (const item of items) rows.push(parseCircuitRow(String(item.sk), item));
      return rows;
    },

    put: (row) => table.put(keyOf(row), row, row.rev === 1 ? null : row.rev - 1),

    remove: (row) => table.remove(keyOf(row), row.rev),
  };
};
