import * as v from 'valibot';
import { permanent } from '../errors.ts';
import { parseJson } from '../text/parse-json.ts';
import type { WebhookRequest } from './webhook.ts';

const MB = 1024 * 1024;

/** The largest body that AWS delivers, and therefore that a source may use, in bytes. */
export const largestBodyBytes = 6 * MB;
/** The body limit for a source that needs no more, in bytes; its deliveries are much smaller. */
export const usualBodyBytes = MB;
/** Levels of nesting; Contentful's rich text, the deepest known, needs about thirty. */
const maxDepth = 100;

/**
 * The fields that are read from an API Gateway HTTP API event (payload format 2.0); a Lambda function URL sends the
 * same. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const HttpEvent = v.object({
  rawPath: v.string(),
  rawQueryString: v.optional(v.string(), ''),
  headers: v.optional(v.record(v.string(), v.string()), {}),
  requestContext: v.object({ http: v.object({ method: v.string() }) }),
  body: v.optional(v.nullable(v.string()), null),
  isBase64Encoded: v.optional(v.boolean(), false),
});
export type HttpEvent = v.InferOutput<typeof HttpEvent>;

/**
 * The request as sent: the gateway passes some content types as text and all others in base64, and a signature is over
 * the bytes. Throws permanent `webhook.too-large`.
 */
export const httpRequest = (event: HttpEvent): WebhookRequest => ({
  method: event.requestContext.http.method.toUpperCase(),
  path: event.rawPath,
  query: Object.fromEntries(new URLSearchParams(event.rawQueryString)),
  headers: Object.fromEntries(
    Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value]),
  ),
  bytes: bodyBytes(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
});

/** The ID of the webhook at the end of a request's path, or null; `/hooks/` may be preceded by anything. */
export const sourceIn = ({ method, path }: Pick<WebhookRequest, 'method' | 'path'>): string | null =>
  method !== 'POST' ? null : (/(?:^|\/)hooks\/([a-z0-9][a-z0-9_-]{0,62})\/?$/.exec(path)?.[1] ?? null);

const bodyBytes = (body: string, encoding: 'base64' | 'utf8'): Uint8Array => {
  const bytes = Buffer.byteLength(body, encoding);
  refuseMoreThan(largestBodyBytes, bytes);
  return Buffer.from(body, encoding);
};

/** Throws permanent `webhook.too-large`. */
export const refuseMoreThan = (most: number, bytes: number): void => {
  if (bytes > most) throw permanent('webhook.too-large', `The body is larger than ${most} bytes.`);
};

/**
 * The body as JSON: an object, an array or null. With `takesForms`, a form with a field `payload` is read too, GitHub's
 * default. A form from any other source is refused: the content type is not signed, so a signed JSON body could be sent
 * again as a form whose payload is part of a text in it. Throws permanent `webhook.unreadable`, whose message does not
 * contain the body.
 */
export const readPayload = (
  { headers, bytes }: WebhookRequest,
  { takesForms = false }: { takesForms?: boolean } = {},
): unknown => {
  const text = decodeUtf8(bytes);
  const isForm = /^\s*application\/x-www-form-urlencoded/i.test(headers['content-type'] ?? '');
  if (isForm && !takesForms) throw unreadable('a form');
  const json = isForm ? (new URLSearchParams(text).get('payload') ?? '') : text;
  if (isTooDeep(json)) throw unreadable(`JSON nested more than ${maxDepth} levels deep`);

  const payload = readJson(json);
  if (typeof payload !== 'object') throw unreadable('JSON, but neither object nor array');
  return payload;
};

const unreadable = (what: string, cause?: unknown) =>
  permanent('webhook.unreadable', `The body is ${what}; send one JSON object in UTF-8.`, { cause });

const decodeUtf8 = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable('not UTF-8', cause);
  }
};

const readJson = (text: string): unknown => {
  try {
    return parseJson(text);
  } catch {
    throw unreadable('not JSON'); // no cause: the parser's message quotes the body
  }
};

/** Counts brackets outside strings before anything recursive processes the text. */
const isTooDeep = (text: string): boolean => {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (inString) {
      if (character === '\\') i++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') {
      if (++depth > maxDepth) return true;
    } else if (character === '}' || character === ']') depth--;
  }
  return false;
};
