import type { HttpResponse } from '../../lib/lambda/http-response.ts';
import { lambdaContext } from './lambda-context.ts';

type Handler = (event: unknown, context: ReturnType<typeof lambdaContext>) => Promise<HttpResponse>;

const lower = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** The event that an HTTP API makes of a request (payload format 2.0): cookies are in a list of their own. */
const eventOf = (url: URL, { method = 'GET', headers = {}, body }: RequestInit) => {
  const { cookie, ...others } = lower(headers as Record<string, string>);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    ...(cookie && { cookies: cookie.split('; ') }),
    headers: { host: 'abc.execute-api.eu-central-1.amazonaws.com', 'x-forwarded-proto': 'https', ...others },
    requestContext: { http: { method, path: url.pathname } },
    ...(body !== undefined && { body: Buffer.from(String(body)).toString('base64') }),
    isBase64Encoded: body !== undefined,
  };
};

const responseOf = ({ statusCode, headers = {}, cookies = [], body, isBase64Encoded }: HttpResponse) => {
  const given = new Headers(headers as Record<string, string>);
  for (const line of cookies) given.append('set-cookie', line);
  const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  return new Response(bytes.length === 0 ? null : bytes, { status: statusCode, headers: given });
};

/** Sends requests for an origin to a handler, as the HTTP API does, and all others to the network. */
export const sendToLambda =
  (origin: string, handler: Handler) =>
  async (url: string, init: RequestInit): Promise<Response> =>
    url.startsWith(`${origin}/`)
      ? responseOf(await handler(eventOf(new URL(url), init), lambdaContext()))
      : fetch(url, init);
