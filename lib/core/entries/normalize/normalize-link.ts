import { respellParameter, respellPath } from './percent-encoding.ts';
import { isTracking } from './tracking-parameters.ts';

type Parameter = readonly [name: string, value: string];

/** A normalized http(s) address without its scheme; all parts are percent-encoded. */
export type NormalLink = {
  /** Host, path and query. */
  link: string;
  /** The link without its query. */
  page: string;
  /** Lower case, without `www.`; with the port unless it is the scheme's default. */
  host: string;
  /** The parameters that identify the page: without tracking parameters, sorted by name, then by value. */
  query: readonly Parameter[];
};

/** Longer than servers accept; a longer link is dropped, a longer guid is replaced by its hash. */
export const MAX_ADDRESS_BYTES = 8_192;

const hostOf = ({ hostname, port }: URL): string => {
  let [start, end] = [0, hostname.length];
  while (hostname.endsWith('.', end)) end -= 1;
  while (hostname.startsWith('www.', start)) start += 4;
  return hostname.slice(start, end) + (port && `:${port}`);
};

const TAILS = ['/', '/index.html', '/index.php'];
const tailOf = (path: string, end: number) => TAILS.find((tail) => path.endsWith(tail, end));

/** By index, because a pattern for trailing slashes takes quadratic time on inner slashes. */
const pathOf = ({ pathname }: URL): string => {
  const path = respellPath(pathname);
  let end = path.length;
  for (let tail = tailOf(path, end); tail !== undefined; tail = tailOf(path, end)) end -= tail.length;
  return path.slice(0, end);
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const parameterOf = (pair: string): Parameter => {
  const at = pair.indexOf('=');
  const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
  return [respellParameter(name), respellParameter(value)];
};

const queryOf = ({ search }: URL): Parameter[] =>
  search
    .slice(1)
    .split('&')
    .map(parameterOf)
    .filter(([name, value]) => name + value !== '' && !isTracking(name, value))
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y));

const fragmentOf = ({ hash }: URL): string => hash && `#${respellPath(hash.slice(1))}`;

const written = ([name, value]: Parameter): string => (value === '' ? name : `${name}=${value}`);

/** An http(s) address of at most 8,192 bytes, normalized, and its fragment, with `#`; null for anything else. */
export const readAddress = (text: string): { address: NormalLink; fragment: string } | null => {
  const trimmed = text.trim();
  if (Buffer.byteLength(trimmed) > MAX_ADDRESS_BYTES || !/^https?:\/\//i.test(trimmed)) return null;
  const url = URL.parse(trimmed);
  if (!url?.hostname) return null;
  const [host, query] = [hostOf(url), queryOf(url)];
  const page = host + pathOf(url);
  const link = query.length > 0 ? `${page}?${query.map(written).join('&')}` : page;
  return { address: { link, page, host, query }, fragment: fragmentOf(url) };
};

/**
 * Normalizes a link so that all its spellings become equal. By RFC 3986, 6.2.2: unreserved characters decoded,
 * hexadecimal digits in upper case, dot segments resolved, host in lower case (an international name as its A-label).
 * Removed, because sites vary them: scheme, default port, user, `www.`, trailing slashes, `index.html` and `index.php`,
 * fragment, tracking parameters. Null for anything but an http(s) address and for one over 8,192 bytes. Linear in the
 * link's length.
 */
export const normalizeLink = (link: string | null): NormalLink | null =>
  link === null ? null : (readAddress(link)?.address ?? null);
