import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { misconfigured } from '../lib/core/errors.ts';

/** Answers a request and says true, or says false and leaves it to the next. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => boolean;

export type Site = { url: string; close: () => Promise<void> };

/**
 * The one address that a laptop's stack shows to its user, on 127.0.0.1. `port` 0 takes a free one.
 * Throws config `local.port-busy` when something else listens there.
 */
export async function openSite(answers: Answer[], port: number): Promise<Site> {
  const server = createServer((request, response) => {
    if (!answers.some((answer) => answer(request, response))) response.writeHead(404).end();
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(port, '127.0.0.1', resolve);
  try {
    await promise;
  } catch (cause) {
    throw portError(port, cause);
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      await closed;
    },
  };
}

const portError = (port: number, cause: unknown) =>
  misconfigured(
    'local.port-busy',
    `Port ${port} of 127.0.0.1 cannot be used (${(cause as NodeJS.ErrnoException).code}): stop what listens there, or choose another with --port (0 takes a free one).`,
    { cause },
  );
