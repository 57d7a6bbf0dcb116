import { now, payloadOf } from '../webhooks/delivery.ts';

const paragraph = 'Bread first, then cheese – and "a little" wine. '.repeat(8).trim();

/** A document of Ghost's editor, contained in each of up to 25 revisions. */
const lexicalOf = (paragraphs: number): string =>
  JSON.stringify({
    root: {
      children: Array.from({ length: paragraphs }, () => ({
        children: [
          {
            detail: 0,
            format: 0,
            mode: 'normal',
            style: '',
            text: paragraph,
            type: 'extended-text',
            version: 1,
          },
        ],
        ...{ direction: 'ltr', format: '', indent: 0, type: 'paragraph', version: 1 },
      })),
      ...{ direction: 'ltr', format: '', indent: 0, type: 'root', version: 1 },
    },
  });

/**
 * A published post with `paragraphs` paragraphs and 25 revisions, the most that Ghost sends: about 17 kB per
 * paragraph. `publishedAt` is in epoch milliseconds.
 */
export const ghostBody = (paragraphs: number, publishedAt = now): string => {
  const payload = payloadOf('ghost');
  const [revision] = payload.post.current.post_revisions;
  const lexical = lexicalOf(paragraphs);
  payload.post.current.published_at = new Date(publishedAt).toISOString();
  payload.post.current.html = `<p>${paragraph}</p>`.repeat(paragraphs);
  payload.post.current.post_revisions = Array.from({ length: 25 }, () => ({ ...revision, lexical }));
  return JSON.stringify(payload);
};
