import type { IncomingMessage } from 'node:http';
import { permanent } from '../lib/core/errors.ts';
import { isOwnHost, sameText } from '../local/embedded/guard.ts';

/** Errors of requests that the console refuses. */
const refusal = (reason: string, message: string) => permanent(`console.${reason}`, message);

/**
 * Answers only requests for our own host names, so that a foreign page cannot reach the console by DNS rebinding.
 * Throws permanent `console.wrong-host`.
 */
export const checkHost = (request: IncomingMessage): void => {
  if (isOwnHost(request)) return;
  const own = `http://127.0.0.1:${request.socket.localPort}`;
  throw refusal('wrong-host', `The console is at ${own} and answers under no other name.`);
};

const isFromHere = ({ headers }: IncomingMessage): boolean => {
  const site = headers['sec-fetch-site'];
  return headers.origin === `http://${headers.host}` && (site === undefined || site === 'same-origin');
};

/**
 * Accepts changes only from our own pages: the Origin must be ours, and the form must hold the token of this start.
 * Throws permanent `console.foreign-origin` and `console.old-page`.
 */
export const checkSource = (request: IncomingMessage, given: string | null, token: string): void => {
  if (!isFromHere(request))
    throw refusal('foreign-origin', 'The request came from another site, so nothing was changed.');
  if (given === null || !sameText(given, token))
    throw refusal(
      'old-page',
      'This page is from before the last start of the console, so nothing was changed. Reload it and try again.',
    );
};

/** Serves images to our own pages only, so that others learn nothing and cannot have anything fetched. */
export const isEmbeddedHere = ({ headers }: IncomingMessage): boolean =>
  ['same-origin', 'none', undefined].includes(headers['sec-fetch-site'] as string | undefined);
