import { postFields, type TikTokPost } from './tiktok-post.ts';

const order = new Map(Object.keys(postFields).map((field, at) => [field, at]));

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const names = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(names.map(([name, inner]) => [name, sorted(inner)]));
};

/**
 * A post as a request body: the same post gives the same text, byte for byte, whatever store it came from, because
 * DynamoDB does not keep key order.
 */
export const postBody = (post: TikTokPost): string => {
  const fields = Object.entries(post).sort(([a], [b]) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  return JSON.stringify(Object.fromEntries(fields.map(([name, value]) => [name, sorted(value)])));
};
