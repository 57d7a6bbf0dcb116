import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ownerOnly, ownerOnlyFolder } from '../atomic-file.ts';

/** A post as received: `raw` is the request's exact body, `post` the parsed JSON with later changes. */
export type KeptPost = {
  id: number;
  brand: number;
  receivedAt: number;
  updatedAt: number;
  raw: string;
  post: Record<string, unknown>;
};

const readLines = (file: string): KeptPost[] => {
  if (!existsSync(file)) return [];
  const whole = readFileSync(file, 'utf8');
  // A process killed while writing leaves half a line. That post never got a response, so the line is dropped.
  const end = whole.lastIndexOf('\n') + 1;
  if (end < whole.length) truncateSync(file, Buffer.byteLength(whole.slice(0, end)));
  return whole
    .slice(0, end)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
};

/**
 * The sandbox's posts in order. With a file, each version of a post is appended before the response, so that a
 * restart restores them after any kind of crash.
 */
export const postShelf = (file: string | undefined, firstId: number) => {
  if (file) mkdirSync(dirname(file), ownerOnlyFolder);
  const posts = new Map((file ? readLines(file) : []).map((post) => [post.id, post]));
  let nextId = Math.max(firstId, ...[...posts.keys()].map((id) => id + 1));

  const keep = (post: KeptPost): KeptPost => {
    if (file) appendFileSync(file, `${JSON.stringify(post)}\n`, ownerOnly);
    posts.set(post.id, post);
    return post;
  };

  return {
    add: (post: Omit<KeptPost, 'id' | 'updatedAt'>) =>
      keep({ id: nextId++, updatedAt: post.receivedAt, ...post }),
    /** `whole`: fields that are not named are removed, except for the brand. */
    change: (post: KeptPost, change: Record<string, unknown>, at: number, { whole = false } = {}) =>
      keep({
        ...post,
        updatedAt: at,
        post: { ...(whole ? { brand_id: post.post.brand_id } : post.post), ...change },
      }),
    get: (id: number): KeptPost | null => posts.get(id) ?? null,
    all: (): KeptPost[] => [...posts.values()],
    clear: () => {
      posts.clear();
      if (file) writeFileSync(file, '', ownerOnly);
    },
  };
};
export type PostShelf = ReturnType<typeof postShelf>;
