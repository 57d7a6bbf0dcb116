import type { IncomingMessage } from 'node:http';
import { permanent } from '../lib/core/errors.ts';
import { isOwnHost, sameText } from '../local/embedded/guard.ts';
import type { ConsoleRequest } from './request.ts';

/** Errors of requests that the console refuses. */
const refusal = (reason: string, message: string) => permanent(`console.${reason}`, message);

const wrongHost = (own: string) => refusal('wrong-host', `The console is only available at ${own}.`);

/**
 * The origin that a request to this machine names, so that a foreign page cannot reach the console by DNS rebinding.
 * Throws permanent `console.wrong-host`.
 */
export const ownOrigin = (request: IncomingMessage): string => {
  if (isOwnHost(request)) return `http://${request.headers.host}`;
  throw wrongHost(`http://127.0.0.1:${request.socket.localPort}`);
};

/** Admits requests that name exactly the host of `origin`. Throws permanent `console.wrong-host`. */
export const checkHost = ({ headers }: Pick<IncomingMessage, 'headers'>, origin: string): void => {
  if (headers.host?.toLowerCase() !== new URL(origin).host) throw wrongHost(origin);
};

const isFromHere = ({ headers, origin }: ConsoleRequest): boolean => {
  const site = headers['sec-fetch-site'];
  return (
    String(headers.origin).toLowerCase() === origin.toLowerCase() &&
    (site === undefined || site === 'same-origin')
  );
};

/**
 * Accepts changes only from our own pages: the Origin must be ours, and the form must hold the token of this start or
 * session. Throws permanent `console.foreign-origin` and `console.old-page`.
 */
export const checkSource = (request: ConsoleRequest, given: string | null, token: string): void => {
  if (!isFromHere(request))
    throw refusal('foreign-origin', 'The request came from another site, so nothing was changed.');
  if (given === null || !sameText(given, token))
    throw refusal(
      'old-page',
      'This page is from an earlier start or sign-in, so nothing was changed. Reload it and try again.',
    );
};

/** Serves images to our own pages only, so that others learn nothing and cannot have anything fetched. */
export const isEmbeddedHere = ({ headers }: Pick<ConsoleRequest, 'headers'>): boolean =>
  ['same-origin', 'none', undefined].includes(headers['sec-fetch-site'] as string | undefined);
