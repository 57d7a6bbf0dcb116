import type { Fault } from './faults.ts';

/** One request as it came, and how it ended: `status` is null where no answer was given. */
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
