import type { IncomingMessage } from 'node:http';

/** A request to the console, received by this machine's server or by AWS. */
export type ConsoleRequest = {
  method: string;
  /** Path and query. */
  target: string;
  /** By lower-case names. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The origin of our pages, from the configuration or the socket, never from a header. */
  origin: string;
  /** The body; null when it is larger. */
  read: (maxBytes: number) => Promise<Uint8Array | null>;
};

const readBody =
  (request: IncomingMessage) =>
  async (maxBytes: number): Promise<Uint8Array | null> => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of request) {
      bytes += chunk.length;
      if (bytes > maxBytes) return null;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  };

/** A request to this machine's server. */
export const requestTo = (origin: string, request: IncomingMessage): ConsoleRequest => ({
  method: request.method ?? 'GET',
  target: request.url ?? '/',
  headers: request.headers,
  origin,
  read: readBody(request),
});

/** Built by hand, because a URL parser takes `//name/` for another host. */
export const urlOf = ({ target }: Pick<ConsoleRequest, 'target'>): URL =>
  new URL(`http://here.invalid/${target.replace(/^\//, '')}`);

/** The values of a cookie's name; a browser may hold several. RFC 6265, section 5.4. */
export const cookiesOf = ({ headers }: Pick<ConsoleRequest, 'headers'>): [name: string, value: string][] =>
  [headers.cookie ?? '']
    .flat()
    .flatMap((line) => line.split(';'))
    .flatMap((pair): [string, string][] => {
      const at = pair.indexOf('=');
      return at < 0 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()]];
    });
