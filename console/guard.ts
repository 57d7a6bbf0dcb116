import type { IncomingMessage } from 'node:http';
import { permanent } from '../lib/core/errors.ts';
import { isOwnHost, sameText } from '../local/embedded/guard.ts';

/** What the console says no to; `cli.*` and the like are of others. */
const refusal = (reason: string, message: string) => permanent(`console.${reason}`, message);

/**
 * A page from elsewhere whose name was made to lead to this machine (DNS rebinding) asks for that name: only our own
 * are answered. Throws permanent `console.wrong-host`.
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
 * What changes something must come from a page of ours: by its Origin, and by a token that only such a page knows.
 * Throws permanent `console.foreign-origin` and `console.old-page`.
 */
export const checkSource = (request: IncomingMessage, given: string | null, token: string): void => {
  if (!isFromHere(request))
    throw refusal('foreign-origin', 'That was asked by another site, so nothing was done.');
  if (given === null || !sameText(given, token))
    throw refusal(
      'old-page',
      'That page was made before the console was started last, so nothing was done: open it again, and try once more.',
    );
};

/** Images are asked for by our pages only: nobody else shall learn what is here, or have something fetched. */
export const isEmbeddedHere = ({ headers }: IncomingMessage): boolean =>
  ['same-origin', 'none', undefined].includes(headers['sec-fetch-site'] as string | undefined);
