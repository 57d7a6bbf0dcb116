import { AppError } from '../lib/core/errors.ts';
import { webAddress } from './address.ts';
import type { ConsoleContext } from './context.ts';
import { bare, type ConsoleResponse, file } from './response.ts';

const patienceMs = 8_000;
const keptS = 3_600;

/** Image types by their first bytes, because a server may label a page as an image. SVG is excluded: it can hold scripts. */
const kinds: [type: string, offset: number, signature: string][] = [
  ['image/jpeg', 0, 'ffd8ff'],
  ['image/png', 0, '89504e470d0a1a0a'],
  ['image/gif', 0, '474946383'],
  ['image/webp', 8, '57454250'],
  ['image/avif', 4, '6674797061766966'],
];

const typeOf = (bytes: Uint8Array): string | null => {
  const start = Buffer.from(bytes.subarray(0, 16)).toString('hex');
  return kinds.find(([, offset, signature]) => start.startsWith(signature, offset * 2))?.[0] ?? null;
};

/** Cached as well, because pages refresh. */
const none = bare(404, 'There is no thumbnail.', { 'cache-control': 'private, max-age=600' });

/**
 * The thumbnail of an entry's post, fetched by the console with the guards of feeds, so that browsers never contact a
 * feed's host. Only addresses from ledger rows are fetched.
 */
export const thumbnail = async (
  { target, fetchFeed }: ConsoleContext,
  key: string,
): Promise<ConsoleResponse> => {
  const row = await target.ledger.read(key);
  const url = row?.type === 'entry' ? webAddress(row.post?.thumbnail_url) : null;
  if (row?.type !== 'entry' || !url) return none;
  const allowPrivate = target.config().feeds.find(({ id }) => id === row.feed)?.allowPrivate ?? false;
  try {
    const response = await fetchFeed({
      url: url.href,
      validators: null,
      allowPrivate,
      deadlineMs: patienceMs,
    });
    const type = response.kind === 'document' ? typeOf(response.bytes) : null;
    return response.kind === 'document' && type ? file(type, response.bytes, keptS) : none;
  } catch (error) {
    if (error instanceof AppError) return none;
    throw error;
  }
};
