import * as v from 'valibot';
import { Fault, type Faults } from './faults.ts';
import type { Library } from './library.ts';
import type { PostShelf } from './post-shelf.ts';
import type { RequestLog } from './request-log.ts';
import { refusal, type SandboxResponse } from './response.ts';

type Controlled = {
  shelf: PostShelf;
  faults: Faults;
  log: RequestLog;
  library: Pick<Library, 'setMedia'>;
  setTokens: (tokens: readonly string[]) => void;
};

const Tokens = v.array(v.string());
const Media = v.record(v.string(), v.nullable(v.record(v.string(), v.unknown())));

/** The sandbox's own calls, by method and the path after `/_sandbox/`. Throws ValiError for an invalid body. */
export const control = ({ shelf, faults, log, library, setTokens }: Controlled) => {
  const calls: Readonly<Record<string, (body: unknown) => unknown>> = {
    'POST faults': (body) => {
      for (const fault of v.parse(v.array(Fault), [body].flat())) faults.add(fault);
    },
    'DELETE faults': faults.clear,
    'GET posts': shelf.all,
    'DELETE posts': shelf.clear,
    'GET requests': log.all,
    'PUT media': (body) => library.setMedia(v.parse(Media, body)),
    'PUT tokens': (body) => setTokens(v.parse(Tokens, body)),
  };

  return (method: string, name: string, body: unknown): SandboxResponse => {
    const call = calls[`${method} ${name}`];
    return call
      ? { status: 200, body: call(body) ?? {} }
      : refusal(404, `The sandbox has no call ${method} ${name}.`);
  };
};
