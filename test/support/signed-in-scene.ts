import { randomBytes } from 'node:crypto';
import { openSignIn } from '../../console/sign-in/open-sign-in.ts';
import { signedInResponse } from '../../console/sign-in/serve.ts';
import { signedInConsole } from '../../console/sign-in/signed-in-console.ts';
import { openidProvider } from '../../lib/adapters/sign-in/openid-provider.ts';
import { jweSeal } from '../../lib/adapters/sign-in/seal.ts';
import { consoleSecretNames } from '../../lib/core/access/sign-in.ts';
import type { VisitEvent } from '../../lib/core/access/visit-event.ts';
import type { ConsoleConfig } from '../../lib/core/config/config.ts';
import { openSite } from '../../local/site.ts';
import { consoleConfigOf, nobody } from './console-config.ts';
import { type ConsoleScene, consoleScene } from './console-scene.ts';
import { type IdentityProvider, type People, startIdentityProvider } from './identity-provider.ts';

/** The people of the provider, by subject. */
const people: People = {
  vera: { email: 'vera@example.com', email_verified: true, name: 'Vera', groups: ['staff'] },
  ed: { email: 'ed@example.com', email_verified: true, name: 'Ed', groups: ['staff', 'social'] },
  olga: { email: 'olga@example.com', email_verified: true, name: 'Olga', groups: ['staff'] },
  mallory: { email: 'mallory@evil.example', email_verified: true, name: 'Mallory', groups: ['others'] },
};

export const newKey = (): string => randomBytes(32).toString('base64url');

export type SignedInScene = {
  scene: ConsoleScene;
  origin: string;
  idp: IdentityProvider;
  /** May be changed between requests, as a deploy or an operator does. */
  config: ConsoleConfig;
  secrets: Record<string, string>;
  events: VisitEvent[];
  /** Moves the console's clock, which starts at the real time. */
  advance: (ms: number) => void;
  reply: ReturnType<typeof signedInConsole>;
  close: () => Promise<void>;
};

/** A console with sign-in on loopback, and an OpenID provider beside it. */
export const signedInScene = async (): Promise<SignedInScene> => {
  const site = await openSite([], 0);
  const origin = site.url;
  const idp = await startIdentityProvider({ people, redirectUris: [`${origin}/sign-in/callback`] });
  const scene = await consoleScene();
  const config = consoleConfigOf({
    publicUrl: origin,
    oidc: { issuer: idp.issuer, clientId: idp.clientId },
    allow: { groups: ['staff'] },
    roles: {
      editor: { ...nobody, groups: ['social'] },
      operator: { ...nobody, emails: ['olga@example.com'] },
    },
  });
  const secrets: Record<string, string> = {
    [consoleSecretNames.client]: idp.clientSecret,
    [consoleSecretNames.key]: newKey(),
  };
  const events: VisitEvent[] = [];
  let ahead = 0;
  const clock = () => Date.now() + ahead;
  const reply = signedInConsole({
    context: scene.context,
    console: config,
    signIn: openSignIn({
      origin,
      secret: async (name) => secrets[name] ?? null,
      openProvider: openidProvider(config.oidc),
      openSeal: jweSeal(clock),
    }),
    report: (event) => void events.push(event),
  });
  site.add(signedInResponse({ origin, reply, onError: scene.context.onError }));
  return {
    scene,
    origin,
    idp,
    config,
    secrets,
    events,
    advance: (ms) => {
      ahead += ms;
    },
    reply,
    close: async () => {
      await site.close();
      await idp.close();
    },
  };
};
