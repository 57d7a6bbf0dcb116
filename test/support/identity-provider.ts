import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once as heard } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import Provider from 'oidc-provider';
import MemoryAdapter from 'oidc-provider/lib/adapters/memory_adapter.js';
import { once } from '../../lib/core/once.ts';

/** Claims by subject. */
export type People = Record<string, Record<string, unknown>>;

export type IdentityProvider = {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Who signs in next without being asked; null: a page asks. */
  next: string | null;
  close: () => Promise<void>;
};

const signingKey = once(() => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'k1' };
});

/** Under a name of its own, the library does not warn that it forgets everything. */
class Memory extends MemoryAdapter {}

const claimNames = {
  openid: ['sub'],
  email: ['email', 'email_verified'],
  profile: ['name', 'groups', 'hd'],
};

type Grant = { addOIDCScope: (scope: string) => void; save: () => Promise<string> };
type GrantContext = {
  oidc: {
    provider: { Grant: { new (of: object): Grant; find: (id: string) => Promise<Grant> } };
    client: { clientId: string };
    session: { accountId: string; grantIdFor: (clientId: string) => string | undefined };
  };
};

/** Everybody has agreed to everything before. */
const loadExistingGrant = async ({ oidc: { provider, client, session } }: GrantContext): Promise<Grant> => {
  const known = session.grantIdFor(client.clientId);
  if (known !== undefined) return provider.Grant.find(known);
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid email profile');
  await grant.save();
  return grant;
};

type Given = { people: People; redirectUris: string[] };

const configurationOf = ({ people, redirectUris }: Given, client: { id: string; secret: string }) => ({
  adapter: Memory,
  clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: redirectUris }],
  claims: claimNames,
  conformIdTokenClaims: false, // in the ID token, as Google, Entra, Okta and Cognito do
  cookies: { keys: [randomBytes(16).toString('hex')] },
  features: { devInteractions: { enabled: false } },
  findAccount: (_: unknown, id: string) =>
    people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
  interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
  jwks: { keys: [signingKey()] },
  loadExistingGrant,
  pkce: { required: () => true },
  ttl: {
    Session: 3_600,
    Interaction: 600,
    Grant: 3_600,
    AccessToken: 60,
    IdToken: 60,
    AuthorizationCode: 60,
  },
});

const chooser = (people: People): string => `<!doctype html><title>Choose an account</title>
<form method="post">${Object.keys(people)
  .map((id) => `<button name="id" value="${id}">${id}</button>`)
  .join('')}</form>`;

/** An OpenID provider of a certified library, on loopback. */
export const startIdentityProvider = async (given: Given): Promise<IdentityProvider> => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await heard(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [clientId, clientSecret] = ['console', randomBytes(16).toString('hex')];
  const provider = new Provider(issuer, configurationOf(given, { id: clientId, secret: clientSecret }));
  const standard = provider.callback();
  const own: IdentityProvider = {
    issuer,
    clientId,
    clientSecret,
    next: null,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await heard(server, 'close');
    },
  };

  const interact = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const posted = request.method === 'POST' ? new URLSearchParams(await text(request)).get('id') : own.next;
    if (posted === null) {
      response.writeHead(200, { 'content-type': 'text/html' }).end(chooser(given.people));
      return;
    }
    await provider.interactionFinished(request, response, { login: { accountId: posted } });
  };
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/interaction/')) void interact(request, response);
    else standard(request, response);
  });
  return own;
};
