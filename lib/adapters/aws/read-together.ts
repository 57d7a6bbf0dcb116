type Batch<T> = { ids: Set<string>; found: Promise<Map<string, T>> };

/**
 * Batches single reads: all IDs requested in the same turn of the event loop become one call, of at most `most`.
 * `readAll` receives each ID once and returns results in their order; its error is thrown to every caller of that
 * batch.
 */
export const readTogether = <T>(
  readAll: (ids: string[]) => Promise<T[]>,
  most: number,
): ((id: string) => Promise<T>) => {
  let open: Batch<T> | null = null;

  const request = async (ids: Set<string>): Promise<Map<string, T>> => {
    await Promise.resolve(); // until all callers in this turn have asked
    open = null;
    const responses = await readAll([...ids]);
    return new Map([...ids].map((id, at) => [id, responses[at] as T]));
  };

  const start = (): Batch<T> => {
    const ids = new Set<string>();
    return { ids, found: request(ids) };
  };

  return async (id) => {
    if (!open || open.ids.size >= most) open = start();
    open.ids.add(id);
    return (await open.found).get(id) as T;
  };
};
