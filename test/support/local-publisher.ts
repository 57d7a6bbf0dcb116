import { once } from 'node:events';
import http, { type IncomingMessage, type RequestListener } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';

/** A web server on 127.0.0.1 that records its requests. */
export type LocalPublisher = {
  /** `http://127.0.0.1:PORT`, without a trailing slash. */
  origin: string;
  host: string;
  port: number;
  visits: IncomingMessage[];
  /** Closes the server and cuts all connections. */
  [Symbol.asyncDispose]: () => Promise<void>;
};

/** Starts a server with this listener; with a certificate it uses TLS. */
export const localPublisher = async (
  answer: RequestListener,
  tls?: { key: string; cert: string },
): Promise<LocalPublisher> => {
  const visits: IncomingMessage[] = [];
  const listener: RequestListener = (request, response) => {
    visits.push(request);
    answer(request, response);
  };
  const server = tls ? https.createServer(tls, listener) : http.createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const host = `127.0.0.1:${port}`;

  return {
    origin: `${tls ? 'https' : 'http'}://${host}`,
    host,
    port,
    visits,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};
