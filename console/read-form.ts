import { permanent } from '../lib/core/errors.ts';
import type { ConsoleRequest } from './request.ts';

const maxBytes = 64 * 1024;

/** The fields of a form. Throws permanent `console.bad-form` when it cannot be read or is too large. */
export const readForm = async ({ headers, read }: ConsoleRequest): Promise<URLSearchParams> => {
  const type = String(headers['content-type']).split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded')
    throw permanent('console.bad-form', 'Only the console’s own forms are accepted.');
  const bytes = await read(maxBytes);
  if (bytes === null) throw permanent('console.bad-form', `A form may have ${maxBytes} bytes at most.`);
  return new URLSearchParams(Buffer.from(bytes).toString('utf8'));
};
