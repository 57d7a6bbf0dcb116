import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { WebhookRequest } from '../lib/core/webhooks/webhook.ts';

/**
 * The event that an HTTP API creates from a request, with all fields (payload format 2.0,
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
 */
export const httpEvent = (request: WebhookRequest, { base64 = true } = {}): APIGatewayProxyEventV2 => ({
  version: '2.0',
  routeKey: 'POST /hooks/{source}',
  rawPath: request.path,
  rawQueryString: new URLSearchParams(request.query).toString(),
  headers: {
    host: 'abc.execute-api.eu-central-1.amazonaws.com',
    'x-forwarded-for': '192.0.2.1',
    ...request.headers,
  },
  pathParameters: { source: request.path.split('/').at(-1) ?? '' },
  requestContext: {
    accountId: '123456789012',
    apiId: 'abc',
    domainName: 'abc.execute-api.eu-central-1.amazonaws.com',
    domainPrefix: 'abc',
    http: {
      method: request.method,
      path: request.path,
      protocol: 'HTTP/1.1',
      sourceIp: '192.0.2.1',
      userAgent: 'a content system',
    },
    requestId: 'request=',
    routeKey: 'POST /hooks/{source}',
    stage: '$default',
    time: '22/Nov/2026:11:05:00 +0000',
    timeEpoch: Date.UTC(2026, 10, 22, 11, 5),
  },
  body: Buffer.from(request.bytes).toString(base64 ? 'base64' : 'utf8'),
  isBase64Encoded: base64,
});
