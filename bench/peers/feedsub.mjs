import FeedSub from 'feedsub';

/** feedsub, asked to read instead of by its timer; what is there at the start is not emitted, as is its default. */
export const start = async ({ urls, post }) => {
  const readers = urls.map((url) => new FeedSub(url));

  const read = (reader) =>
    new Promise((resolve) => {
      reader.read(async (error, items) => {
        if (error) console.error(error.message);
        for (const item of items ?? []) await post(item);
        resolve();
      });
    });

  return {
    round: async () => {
      for (const reader of readers) await read(reader);
    },
    stop: () => {
      for (const reader of readers) reader.stop();
    },
  };
};
