type Batch<T> = { ids: Set<string>; found: Promise<Map<string, T>> };

/**
 * Reads one by one what is then asked for at once: all that is wanted in the same turn of the event loop becomes one
 * question, of `most` at the most. `readAll` is asked for each id once and answers in their order; what it throws,
 * everybody who waits for that question gets.
 */
export const readTogether = <T>(
  readAll: (ids: string[]) => Promise<T[]>,
  most: number,
): ((id: string) => Promise<T>) => {
  let open: Batch<T> | null = null;

  const ask = async (ids: Set<string>): Promise<Map<string, T>> => {
    await Promise.resolve(); // until whoever asks in this turn has asked
    open = null;
    const answers = await readAll([...ids]);
    return new Map([...ids].map((id, at) => [id, answers[at] as T]));
  };

  const start = (): Batch<T> => {
    const ids = new Set<string>();
    return { ids, found: ask(ids) };
  };

  return async (id) => {
    if (!open || open.ids.size >= most) open = start();
    open.ids.add(id);
    return (await open.found).get(id) as T;
  };
};
