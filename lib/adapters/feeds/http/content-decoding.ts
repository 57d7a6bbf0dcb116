import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { permanent, retryable } from '../../../core/errors.ts';

type Decoder = (bytes: Uint8Array, maxBytes: number) => Promise<Uint8Array>;

const gunzip = promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.gunzip);
const inflate = promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.inflate);
const inflateRaw = promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.inflateRaw);
const brotli = promisify<Uint8Array, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress);
const zstd = promisify<Uint8Array, zlib.ZstdOptions, Buffer>(zlib.zstdDecompress);

/** RFC 9659: over HTTP a zstd window has at most 8 MB; without this limit a few bytes could allocate 128. */
const ZSTD_WINDOW = { [zlib.constants.ZSTD_d_windowLogMax]: 23 };

/** Normal responses have one coding, misconfigured proxies add a second. */
const MAX_CODINGS = 3;

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** RFC 9110 requires zlib, but some servers send the raw stream. RFC 1950: 8 = deflate, header a multiple of 31. */
const isZlib = ([first = 0, second = 0]: Uint8Array): boolean =>
  (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;

const DECODERS: Record<string, Decoder> = {
  gzip: async (bytes, maxOutputLength) => (isGzip(bytes) ? gunzip(bytes, { maxOutputLength }) : bytes), // labeled, but sent uncompressed
  deflate: (bytes, maxOutputLength) => (isZlib(bytes) ? inflate : inflateRaw)(bytes, { maxOutputLength }),
  br: (bytes, maxOutputLength) => brotli(bytes, { maxOutputLength }),
  zstd: (bytes, maxOutputLength) => zstd(bytes, { maxOutputLength, params: ZSTD_WINDOW }),
};

/** The supported codings, in order of preference. */
export const ACCEPT_ENCODING = 'br, zstd, gzip, deflate';

/**
 * The codings of a `Content-Encoding` header in the order in which they were applied. Unknown names (`aws-chunked`,
 * `none`, `utf-8`) are configuration mistakes and do not change the bytes; a real coding that we do not support, and
 * did not request, is detected when the document is parsed.
 */
const codingsOf = (header: string | null): string[] =>
  (header ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim().replace(/^x-/, ''))
    .filter((name) => Object.hasOwn(DECODERS, name));

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code;

export const tooLarge = (maxBytes: number, cause?: unknown) =>
  permanent('feed.too-large', `the document has more than ${maxBytes} bytes, decoded`, { cause });

const explain = (error: unknown, coding: string, maxBytes: number) => {
  if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') return tooLarge(maxBytes, error);
  if (codeOf(error) === 'Z_BUF_ERROR')
    return retryable('feed.truncated', `the document is cut off within its ${coding} data`, { cause: error });
  return retryable('feed.encoding', `the document is labeled as ${coding}, but is not`, {
    cause: error,
  });
};

const decodeOne = async (bytes: Uint8Array, coding: string, maxBytes: number): Promise<Uint8Array> => {
  const decoder = DECODERS[coding];
  if (decoder === undefined || bytes.length === 0) return bytes;
  try {
    return await decoder(bytes, maxBytes);
  } catch (error) {
    throw explain(error, coding, maxBytes);
  }
};

/**
 * Reverses the known codings of a `Content-Encoding` (RFC 9110, 8.4), and undeclared gzip, as for a feed.xml.gz. No
 * step may yield more than `maxBytes`, so that a compression bomb costs no more than a normal document. Throws
 * `feed.too-large`, `feed.truncated`, `feed.encoding`.
 */
export const decodeContent = async (
  wire: Uint8Array,
  contentEncoding: string | null,
  maxBytes: number,
): Promise<Uint8Array> => {
  const codings = codingsOf(contentEncoding);
  if (codings.length > MAX_CODINGS)
    throw permanent(
      'feed.encoding',
      `the document is encoded ${codings.length} times; ${MAX_CODINGS} are the limit`,
    );

  let bytes = wire;
  for (const coding of codings.reverse()) bytes = await decodeOne(bytes, coding, maxBytes);
  for (let layer = codings.length; isGzip(bytes) && layer < MAX_CODINGS; layer += 1)
    bytes = await decodeOne(bytes, 'gzip', maxBytes);
  return bytes;
};
