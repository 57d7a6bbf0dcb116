import FeedSub from 'feedsub';

/** feedsub, triggered explicitly instead of by its timer. By default it does not emit existing items. */
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
