import type { Fault } from './faults.ts';

/** One request as received, and its result: `status` is null if there was no response. */
export type ReceivedRequest = {
  at: number;
  method: string;
  path: string;
  brand: number | null;
  raw: string;
  fault: Fault['kind'] | null;
  status: number | null;
};

const maxKept = 10_000;

/** The last requests, oldest first. */
export const requestLog = () => {
  const requests: ReceivedRequest[] = [];

  return {
    add: (request: ReceivedRequest): ReceivedRequest => {
      if (requests.length === maxKept) requests.shift();
      requests.push(request);
      return request;
    },
    all: (): ReceivedRequest[] => [...requests],
    clear: () => {
      requests.length = 0;
    },
  };
};
export type RequestLog = ReturnType<typeof requestLog>;
