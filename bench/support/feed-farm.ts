import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcp, type Server } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export type Farm = {
  /** The address of a feed by its number. */
  urlOf: (feed: number) => string;
  /** Adds a new entry at the top of a feed. */
  publish: (feed: number) => void;
  /** The bytes of request lines and headers received, and the number of requests, since the last call. */
  take: () => { requests: number; bytes: number };
  close: () => Promise<void>;
};

export type FarmOptions = {
  feeds: number;
  /** The number of entries in a document. */
  entries: number;
  /** The response time of a site. */
  latencyMs: number;
  /** The length of an entry's text; by default 650. */
  textLength?: number;
};

/** Each feed gets its own loopback address out of sixteen million, because politeness applies per host. */
const addressOf = (feed: number) => `127.${1 + (feed >> 16)}.${(feed >> 8) & 255}.${feed & 255}`;

const sentence = 'A short text about what is new, long enough to be like those that sites publish. ';

const MINUTE = 60_000;
/** The newest entry of a farm before anything was published. */
const FIRST = 1_000;
/** A few days ago at most and never in the future, because older entries do not count as new. */
const begunAt = Date.now();
const publishedAt = (n: number) => begunAt - (FIRST + 60 - n) * MINUTE;

const item = (feed: number, n: number, text: string) => `<item>
<guid isPermaLink="false">feed-${feed}-entry-${n}</guid><link>https://www.example.com/${feed}/${n}</link>
<title>Entry ${n} of feed ${feed}</title><category>news</category><category>made here</category>
<pubDate>${new Date(publishedAt(n)).toUTCString()}</pubDate>
<description><![CDATA[<p>${text}</p>]]></description></item>`;

const document = (
  feed: number,
  newest: number,
  entries: number,
  text: string,
) => `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Feed ${feed}</title><link>https://www.example.com/${feed}</link>
<description>For benchmarks</description>
${Array.from({ length: entries }, (_, i) => item(feed, newest - i, text)).join('\n')}
</channel></rss>`;

const sizeOf = ({ method, url, rawHeaders }: IncomingMessage) =>
  `${method} ${url} HTTP/1.1\r\n\r\n`.length + rawHeaders.reduce((sum, part) => sum + part.length + 2, 0);

/** Serves this many feeds on 127.0.0.0/8 (Linux), each at its own address, with an ETag. */
export const startFarm = async (options: FarmOptions): Promise<Farm> => {
  const { feeds, entries, latencyMs, textLength = 650 } = options;
  const text = sentence.repeat(Math.ceil(textLength / sentence.length)).slice(0, textLength);
  const newest = new Map<number, number>();
  const newestOf = (feed: number) => newest.get(feed) ?? FIRST;
  let seen = { requests: 0, bytes: 0 };

  const answer = async (incoming: IncomingMessage, response: ServerResponse) => {
    seen = { requests: seen.requests + 1, bytes: seen.bytes + sizeOf(incoming) };
    if (latencyMs > 0) await pause(latencyMs);
    const feed = Number(incoming.url?.slice(1));
    const etag = `"${newestOf(feed)}"`;
    if (incoming.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
    else
      response
        .writeHead(200, { etag, 'content-type': 'application/rss+xml' })
        .end(document(feed, newestOf(feed), entries, text));
  };

  const http = createServer(answer);
  const doors: Server[] = [];
  let port = 0;
  for (let feed = 0; feed < feeds; feed += 1) {
    const door = createTcp((socket) => http.emit('connection', socket));
    door.listen(port, addressOf(feed));
    await once(door, 'listening');
    port ||= (door.address() as { port: number }).port;
    doors.push(door);
  }

  return {
    urlOf: (feed) => `http://${addressOf(feed)}:${port}/${feed}`,
    publish: (feed) => void newest.set(feed, newestOf(feed) + 1),
    take: () => {
      const taken = seen;
      seen = { requests: 0, bytes: 0 };
      return taken;
    },
    close: async () => {
      http.closeAllConnections();
      await Promise.all(doors.map((door) => new Promise((done) => door.close(done))));
    },
  };
};
