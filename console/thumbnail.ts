import { AppError } from '../lib/core/errors.ts';
import type { EntryRow } from '../lib/core/ledger/row.ts';
import { picturesOf } from '../lib/jobs/operator/edit-entry.ts';
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

/** The address of a picture: of the post's thumbnail, or at a place among those of the stored entry. */
const addressOf = async (
  { target }: ConsoleContext,
  { post, storedAs }: EntryRow,
  picture: string | null,
): Promise<string | null> => {
  if (picture === null) return post?.thumbnail_url ?? null;
  const stored = storedAs === null ? null : await target.ledger.storedEntry(storedAs);
  return (stored && picturesOf(stored)[Number(picture)]) ?? null;
};

/**
 * The thumbnail of an entry's post, or one of the entry's other pictures, fetched by the console with the guards of feeds, so that browsers never contact a
 * feed's host. Only addresses from the ledger are fetched.
 */
export const thumbnail = async (
  context: ConsoleContext,
  key: string,
  picture: string | null,
): Promise<ConsoleResponse> => {
  const { target, fetchFeed } = context;
  const row = await target.ledger.read(key);
  if (row?.type !== 'entry') return none;
  const url = webAddress(await addressOf(context, row, picture));
  if (!url) return none;
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
