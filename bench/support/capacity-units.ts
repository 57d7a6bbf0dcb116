import { readResources } from '../../local/embedded/cloudformation.ts';

/** A value in DynamoDB's API format: `{ S: 'text' }`, `{ N: '1' }` … */
type Value = Record<string, unknown>;
export type Item = Record<string, Value>;

const sizeOfValue = (value: Value): number => {
  const [[type = '', held] = []] = Object.entries(value);
  if (type === 'S') return Buffer.byteLength(held as string);
  if (type === 'N') return Math.ceil((held as string).replace(/[^\d]/g, '').length / 2) + 1;
  if (type === 'B') return Buffer.byteLength(held as string, 'base64');
  if (type === 'M') return 3 + sizeOf(held as Item) + Object.keys(held as Item).length;
  if (type === 'L') return 3 + (held as Value[]).reduce((sum, one) => sum + 1 + sizeOfValue(one), 0);
  return 1;
};

/**
 * The size of an item in bytes, by AWS's rules
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html).
 */
const sizeOf = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOfValue(value), 0);

type Keys = { AttributeName: string }[];
type Index = { KeySchema: Keys; Projection: { ProjectionType: string; NonKeyAttributes?: string[] } };
type Schema = { KeySchema: Keys; GlobalSecondaryIndexes?: Index[] };

const schemaOf = (table: string): Schema => {
  const all = readResources('tables.yml', 'AWS::DynamoDB::Table');
  return (all.get(table)?.Properties ?? { KeySchema: [] }) as Schema;
};

const names = (keys: Keys) => keys.map(({ AttributeName }) => AttributeName);

/** The part of an item that is in an index; null if it is not in it. */
const entryIn = ({ KeySchema, Projection }: Index, table: Schema, item: Item | null): Item | null => {
  if (!item || names(KeySchema).some((name) => !item[name])) return null;
  if (Projection.ProjectionType === 'ALL') return item;
  const kept = [...names(KeySchema), ...names(table.KeySchema), ...(Projection.NonKeyAttributes ?? [])];
  return Object.fromEntries(Object.entries(item).filter(([name]) => kept.includes(name)));
};

const unitsOf = (item: Item) => Math.max(1, Math.ceil(sizeOf(item) / 1024));

/** The units of an index update: a changed key deletes one index entry and adds another; an unchanged one is free. */
const indexUnits = (index: Index, table: Schema, before: Item | null, after: Item | null): number => {
  const [old, fresh] = [entryIn(index, table, before), entryIn(index, table, after)];
  if (JSON.stringify(old) === JSON.stringify(fresh)) return 0;
  if (!old || !fresh) return unitsOf((old ?? fresh) as Item);
  const moved = names(index.KeySchema).some(
    (name) => JSON.stringify(old[name]) !== JSON.stringify(fresh[name]),
  );
  return moved ? unitsOf(old) + unitsOf(fresh) : Math.max(unitsOf(old), unitsOf(fresh));
};

/** The growth of a table in `infra/tables.yml`, and the units of a put, indexes included. */
export const writeCost = (table: string) => {
  const schema = schemaOf(table);
  const indexes = schema.GlobalSecondaryIndexes ?? [];
  return {
    /** Write request units of putting `after` over `before`. */
    units: (before: Item | null, after: Item): number =>
      Math.max(unitsOf(after), before ? unitsOf(before) : 0) +
      indexes.reduce((sum, index) => sum + indexUnits(index, schema, before, after), 0),
    /** The bytes of an item in the table and its indexes; AWS adds 100 to each. */
    stored: (item: Item | null): number =>
      item === null
        ? 0
        : [item, ...indexes.map((index) => entryIn(index, schema, item))].reduce(
            (sum, one) => sum + (one ? sizeOf(one) + 100 : 0),
            0,
          ),
  };
};
