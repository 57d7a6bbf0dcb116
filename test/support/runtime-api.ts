import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** The result of an invocation: the handler's response, or the error it threw. */
export type Outcome = { answer: unknown } | { error: { errorType: string; errorMessage: string } };

type RuntimeApi = {
  /** `host:port`, for AWS_LAMBDA_RUNTIME_API. */
  address: string;
  /** Passes an event to the function when it requests one. */
  invoke: (event: unknown) => Promise<Outcome>;
  /** Resolves when the function first requests an event; rejects with its error when it cannot be loaded. */
  ready: Promise<void>;
  close: () => Promise<void>;
};

type Options = { functionArn: string; timeoutMs: number };
type Waiting = { event: unknown; resolve: (outcome: Outcome) => void };

/**
 * The Lambda runtime API for one function, on 127.0.0.1
 * (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html).
 */
export const startRuntimeApi = async ({ functionArn, timeoutMs }: Options): Promise<RuntimeApi> => {
  const { promise: ready, resolve: isReady, reject: cannotStart } = Promise.withResolvers<void>();
  ready.catch(() => {}); // handled by those who await it
  const events: Waiting[] = [];
  const underWay = new Map<string, Waiting>();
  let idle: ServerResponse | null = null;
  let count = 0;

  const handOut = () => {
    if (!idle || events.length === 0) return;
    const waiting = events.shift() as Waiting;
    const id = `invocation-${++count}`;
    underWay.set(id, waiting);
    idle.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': id,
      'lambda-runtime-deadline-ms': String(Date.now() + timeoutMs),
      'lambda-runtime-invoked-function-arn': functionArn,
    });
    idle.end(JSON.stringify(waiting.event));
    idle = null;
  };

  const settle = (id: string, outcome: Outcome) => {
    underWay.get(id)?.resolve(outcome);
    underWay.delete(id);
  };

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const [, , , what = '', id = '', how = ''] = (request.url ?? '').split('/');
    if (id === 'next') {
      idle = response;
      isReady();
      return handOut();
    }
    const body = JSON.parse((await text(request)) || 'null');
    if (what === 'init') cannotStart(new Error(`${body.errorType}: ${body.errorMessage}`));
    else settle(id, how === 'response' ? { answer: body } : { error: body });
    response.writeHead(202).end();
  };

  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    invoke: (event) =>
      new Promise((resolve) => {
        events.push({ event, resolve });
        handOut();
      }),
    ready,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
