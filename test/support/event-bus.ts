import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** An entry of a PutEvents call. */
type BusEntry = {
  EventBusName: string;
  Source: string;
  DetailType: string;
  Time: number;
  Detail: string;
};

/** EventBridge on 127.0.0.1, as far as PutEvents: https://docs.aws.amazon.com/eventbridge/latest/APIReference/ */
export const startEventBus = async () => {
  const calls: BusEntry[][] = [];
  let refuse: (entry: BusEntry) => boolean = () => false;
  let failure: string | null = null;
  const server = createServer(async (request, response) => {
    const { Entries } = (await json(request)) as { Entries: BusEntry[] };
    const [status, body] =
      failure === null
        ? [
            200,
            {
              FailedEntryCount: Entries.filter(refuse).length,
              Entries: Entries.map((entry, at) =>
                refuse(entry) ? { ErrorCode: 'InternalFailure' } : { EventId: `e${at}` },
              ),
            },
          ]
        : [400, { __type: failure, message: failure }];
    calls.push(Entries);
    response
      .writeHead(Number(status), { 'content-type': 'application/x-amz-json-1.1' })
      .end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The calls so far. */
    calls,
    /** Refuses these entries from now on. */
    refuse: (which: typeof refuse) => {
      refuse = which;
    },
    /** Fails every call with this error; null: none. */
    fail: (type: string | null) => {
      failure = type;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
