import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { AppError } from '../lib/core/errors.ts';
import { closeServer, listen } from './embedded/listen.ts';

/** Answers a request and says true, or says false and leaves it to the next. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => boolean;

export type Site = {
  url: string;
  /** One more who may answer, after all the others. */
  add: (answer: Answer) => void;
  close: () => Promise<void>;
};

/** Where the site is when it may choose. */
const usualPort = 4747;

/**
 * The one address of the local run that is meant for its user, on 127.0.0.1. `port` null: the usual one, so that
 * bookmarks last, or any that is free when another program has that. Throws config `local.port-busy`.
 */
export async function openSite(given: Answer[], port: number | null): Promise<Site> {
  const answers = [...given];
  const server = createServer((request, response) => {
    if (!answers.some((answer) => answer(request, response))) response.writeHead(404).end();
  });
  const url = await listen(server, 'the site (--port)', port ?? usualPort).catch((error: unknown) => {
    if (port === null && error instanceof AppError) return listen(server, 'the site', 0);
    throw error;
  });
  return { url, add: (answer) => void answers.push(answer), close: () => closeServer(server) };
}
