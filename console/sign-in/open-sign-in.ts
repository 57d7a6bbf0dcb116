import {
  consoleSecretNames,
  type OpenProvider,
  type OpenSeal,
  type Provider,
} from '../../lib/core/access/sign-in.ts';
import { type SignInFault, signInFaults } from '../../lib/core/access/sign-in-secrets.ts';
import { AppError } from '../../lib/core/errors.ts';
import type { SecretByName } from '../../lib/core/ports.ts';
import { cookiesAt } from './cookies.ts';
import { type Sessions, sessionsIn } from './session.ts';

/** Where the provider sends browsers back to. */
export const redirectPath = '/sign-in/callback';

/** What signing in needs: open once the secrets are there, else what is missing. */
export type SignIn = { provider: Provider; sessions: Sessions } | { missing: string[] };

type Needs = {
  /** The origin of the console. */
  origin: string;
  secret: SecretByName;
  openProvider: OpenProvider;
  openSeal: OpenSeal;
};

const { client, key, previousKey } = consoleSecretNames;

const taskOf = ({ remedy, command }: SignInFault): string => `${remedy}: npm run -s cli -- ${command}`;

/** A secret without any value is one in which everything is missing. */
const orNull = (error: unknown): null => {
  if (error instanceof AppError && error.code === 'inbound.missing-secret') return null;
  throw error;
};

/** Opens the sign-in with the current secrets, and again when they change; a changed one is used within minutes. */
export const openSignIn = ({ origin, secret, openProvider, openSeal }: Needs): (() => Promise<SignIn>) => {
  let last: { secrets: string; signIn: SignIn } | null = null;
  const open = (clientSecret: string, keys: string[]): SignIn => ({
    provider: openProvider({ secret: clientSecret, redirectUri: `${origin}${redirectPath}` }),
    sessions: sessionsIn(cookiesAt(origin), openSeal(keys)),
  });
  return async () => {
    const [clientSecret, current, previous] = await Promise.all(
      [client, key, previousKey].map((name) => secret(name).catch(orNull)),
    );
    const faults = signInFaults({
      [client]: clientSecret ?? null,
      [key]: current ?? null,
      [previousKey]: previous ?? null,
    });
    if (faults.length > 0 || !clientSecret || !current) return { missing: faults.map(taskOf) };
    const keys = [current, ...(previous ? [previous] : [])];
    const secrets = JSON.stringify([clientSecret, keys]);
    if (last?.secrets !== secrets) last = { secrets, signIn: open(clientSecret, keys) };
    return last.signIn;
  };
};
