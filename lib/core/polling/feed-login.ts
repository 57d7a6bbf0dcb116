import type { FeedLogin } from '../config/config.ts';
import { AppError, misconfigured } from '../errors.ts';
import type { FetchFeed, SecretByName } from '../ports.ts';

const missing = (name: string) =>
  misconfigured(
    'feed.login',
    `No secret ${name} is stored, but the login of this feed needs it. Store it with: secret set ${name}`,
  );

const readName = async (secret: SecretByName, name: string): Promise<string> => {
  try {
    const value = await secret(name);
    if (value !== null) return value;
  } catch (error) {
    // recorded in the feed's own row, like any other failure
    if (error instanceof AppError)
      throw new AppError(error.kind, 'feed.login', error.message, { cause: error });
    throw error;
  }
  throw missing(name);
};

const headersOf = async ({ headers, basic }: FeedLogin, secret: SecretByName) => {
  const named = await Promise.all(
    Object.entries(headers).map(async ([header, name]) => [header, await readName(secret, name)] as const),
  );
  if (basic === null) return Object.fromEntries(named);
  const pair = Buffer.from(await readName(secret, basic)).toString('base64');
  return { ...Object.fromEntries(named), authorization: `Basic ${pair}` };
};

/**
 * Fetches feeds behind a login: the values named in a request's `login` are read from the inbound secret and sent as
 * headers, to the feed's own origin only. Throws `feed.login` if a name has no value or the secret cannot be read.
 */
export const withLogin =
  (fetch: FetchFeed, secret: SecretByName): FetchFeed =>
  async ({ login, ...request }) =>
    fetch(login ? { ...request, headers: await headersOf(login, secret) } : request);
