import * as v from 'valibot';
import type { LatestDrafts } from '../../core/ports.ts';
import { Count, readStored, Time } from '../../core/read-stored.ts';
import { type DynamoOptions, dynamoTable } from './dynamo-table.ts';

const keyOf = (brand: number) => ({ pk: 'latest-draft', sk: String(brand) });

const Stored = v.object({ brand: v.number(), postId: v.number(), at: Time, rev: Count });
const parse: (brand: string, stored: unknown) => v.InferOutput<typeof Stored> = readStored(
  Stored,
  'latest-draft.corrupt-row',
  'Latest draft of brand',
);

/**
 * The latest draft of each brand with a known ID, in DynamoDB. Throws permanent `latest-draft.corrupt-row` and AppError
 * `store.*` (see DynamoTable).
 */
export const dynamoLatestDrafts = (options: DynamoOptions): LatestDrafts => {
  const table = dynamoTable(options);
  const read = async (brand: number) => {
    const item = await table.get(keyOf(brand));
    return item && parse(String(brand), item);
  };

  return {
    read: async (brand) => {
      const stored = await read(brand);
      return stored && { brand, postId: stored.postId, at: stored.at };
    },

    // On a conflict another worker has stored a draft made at the same time, which is just as good.
    note: async (draft) => {
      const stored = await read(draft.brand);
      if (stored && stored.at >= draft.at) return;
      const rev = (stored?.rev ?? 0) + 1;
      await table.put(keyOf(draft.brand), { ...draft, rev }, stored?.rev ?? null);
    },
  };
};
