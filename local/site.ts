import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { AppError } from '../lib/core/errors.ts';
import { closeServer, listen } from './embedded/listen.ts';

/** Handles a request and returns true, or returns false to leave it to the next handler. */
export type Response = (request: IncomingMessage, response: ServerResponse) => boolean;

export type Site = {
  url: string;
  /** Adds a handler after all others. */
  add: (respond: Response) => void;
  close: () => Promise<void>;
};

/** The default port. */
const usualPort = 4747;

/**
 * The address for the user of a local run, on 127.0.0.1. `port` null: the default one, so that bookmarks keep
 * working, or a free one when that is taken. Throws config `local.port-busy`.
 */
export async function openSite(given: Response[], port: number | null): Promise<Site> {
  const responses = [...given];
  const server = createServer((request, response) => {
    if (!responses.some((respond) => respond(request, response))) response.writeHead(404).end();
  });
  const url = await listen(server, 'the site (--port)', port ?? usualPort).catch((error: unknown) => {
    if (port === null && error instanceof AppError) return listen(server, 'the site', 0);
    throw error;
  });
  return { url, add: (respond) => void responses.push(respond), close: () => closeServer(server) };
}
