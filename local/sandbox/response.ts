import type { FieldErrors } from './page-rules.ts';

/** The sandbox's response: a JSON body, or plain HTML. */
export type SandboxResponse = { status: number; body: unknown; type?: 'text/html' };

const errorNames: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** An error in the format of the API reference. */
export const refusal = (status: number, message: string, errors: FieldErrors = {}): SandboxResponse => ({
  status,
  body: { code: status, errors, message, status: errorNames[status] ?? 'Error' },
});

/** An error as a proxy in front of the API writes it. */
export const proxyPage = (status: number, title: string): SandboxResponse => ({
  status,
  type: 'text/html',
  body: `<html><head><title>${status} ${title}</title></head><body><h1>${title}</h1></body></html>\n`,
});
