import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { misconfigured } from '../../lib/core/errors.ts';

/** Emulators listen on this machine only. */
export const host = '127.0.0.1';

/** Explains what to do when a port is taken: config `local.port-busy`. Returns other errors unchanged. */
export const portError = (what: string, port: number, error: unknown): unknown =>
  (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
    ? misconfigured(
        'local.port-busy',
        `Port ${port} on ${host} is in use, so ${what} cannot start. Stop the program that uses it, or choose another port.`,
        { cause: error },
      )
    : error;

/** Listens on 127.0.0.1; port 0 takes any free one. Returns the endpoint. Throws config `local.port-busy`. */
export const listen = async (server: Server, what: string, port: number): Promise<string> => {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    throw portError(what, port, error);
  }
  return `http://${host}:${(server.address() as AddressInfo).port}`;
};

/** How long a closing server may take to finish its responses. */
export const graceMs = 2_000;

/**
 * Closes a server once it has finished its responses, because the DynamoDB emulator throws at unfinished ones. Idle
 * connections are cut at once, all others after two seconds.
 */
export const closeServer = async (server: Server): Promise<void> => {
  const closed = new Promise<void>((done, fail) => server.close((error) => (error ? fail(error) : done())));
  const cutIdle = setInterval(() => server.closeIdleConnections(), 10);
  const cutAll = setTimeout(() => server.closeAllConnections(), graceMs);
  try {
    await closed;
  } finally {
    clearInterval(cutIdle);
    clearTimeout(cutAll);
  }
};
