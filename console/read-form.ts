import type { IncomingMessage } from 'node:http';
import { permanent } from '../lib/core/errors.ts';

const maxBytes = 64 * 1024;

/** The fields of a form. Throws permanent `console.bad-form` when it cannot be read or is too large. */
export const readForm = async (request: IncomingMessage): Promise<URLSearchParams> => {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded')
    throw permanent('console.bad-form', 'Only forms of the console are accepted.');
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw permanent('console.bad-form', `A form may have ${maxBytes} bytes at most.`);
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
};
