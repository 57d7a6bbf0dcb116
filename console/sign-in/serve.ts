import { AppError } from '../../lib/core/errors.ts';
import type { Response } from '../../local/site.ts';
import { checkHost } from '../guard.ts';
import { type ConsoleRequest, requestTo } from '../request.ts';
import { bare, type ConsoleResponse, send } from '../response.ts';

type Served = {
  /** The address in feeds.yml, and the only host that is admitted. */
  origin: string;
  reply: (request: ConsoleRequest) => Promise<ConsoleResponse>;
  onError: (error: unknown) => void;
};

const wrongHost = (error: unknown): ConsoleResponse => {
  if (error instanceof AppError) return bare(421, error.message);
  throw error;
};

/** A console with sign-in as a request handler of this machine, behind a proxy that passes the Host header on. */
export const signedInResponse =
  ({ origin, reply, onError }: Served): Response =>
  (request, response) => {
    const answer = async () => {
      checkHost(request, origin);
      return reply(requestTo(origin, request));
    };
    void answer()
      .catch(wrongHost)
      .then((given) => send(response, given, request.method !== 'HEAD'))
      .catch(onError);
    return true;
  };
