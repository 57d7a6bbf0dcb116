import * as v from 'valibot';
import type { Person } from '../../lib/core/access/authorize.ts';
import {
  Attempt,
  attemptLifetimeMs,
  randomWord,
  type Seal,
  sessionLifetimeMs,
} from '../../lib/core/access/sign-in.ts';
import type { ConsoleRequest } from '../request.ts';
import type { Cookies } from './cookies.ts';

const Names = v.array(v.string());

/** A session, all of it in its cookie: the person, and the token of this session's forms. */
const Session = v.object({
  person: v.object({
    issuer: v.string(),
    subject: v.string(),
    shown: v.string(),
    email: v.nullable(v.string()),
    domain: v.nullable(v.string()),
    groups: Names,
  }),
  token: v.string(),
});
export type Session = v.InferOutput<typeof Session>;

/** Sessions and sign-ins in encrypted cookies. */
export type Sessions = {
  read: (request: ConsoleRequest) => Promise<Session | null>;
  /** A cookie with a new session. */
  begin: (person: Person) => Promise<string>;
  end: () => string;
  /** Cookies that remember a sign-in, and forget old ones when a browser has too many. */
  remember: (request: ConsoleRequest, attempt: Attempt) => Promise<string[]>;
  /** The sign-in that `state` names, and the cookie that forgets it. */
  recall: (request: ConsoleRequest, state: string) => Promise<{ attempt: Attempt | null; forget: string }>;
};

const sessionName = 'session';
/** A sign-in has a cookie of its own, so that two tabs do not disturb each other. */
const attemptName = (state: string): string => `sign-in-${state.slice(0, 8)}`;
const maxAttempts = 4;

/** The first value that opens as what is expected: a browser may send several of one name. */
const firstOf = async <T>(
  seal: Seal,
  purpose: string,
  schema: v.GenericSchema<unknown, T>,
  values: string[],
): Promise<T | null> => {
  for (const value of values) {
    const opened = v.safeParse(schema, await seal.open(purpose, value));
    if (opened.success) return opened.output;
  }
  return null;
};

export const sessionsIn = (cookies: Cookies, seal: Seal): Sessions => ({
  read: (request) => firstOf(seal, 'session', Session, cookies.read(request, sessionName)),
  begin: async (person) => {
    const session: Session = { person, token: randomWord() };
    return cookies.set(
      sessionName,
      await seal.seal('session', session, sessionLifetimeMs),
      sessionLifetimeMs,
    );
  },
  end: () => cookies.drop(sessionName),
  remember: async (request, attempt) => {
    const old = cookies.names(request, 'sign-in-');
    const text = await seal.seal('sign-in', attempt, attemptLifetimeMs);
    return [
      ...(old.length < maxAttempts ? [] : old.map(cookies.drop)),
      cookies.set(attemptName(attempt.state), text, attemptLifetimeMs),
    ];
  },
  recall: async (request, state) => {
    const name = attemptName(state);
    const attempt = await firstOf(seal, 'sign-in', Attempt, cookies.read(request, name));
    return { attempt: attempt?.state === state ? attempt : null, forget: cookies.drop(name) };
  },
});
