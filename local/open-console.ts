import { join } from 'node:path';
import { openLocalTarget } from '../cli/local-target.ts';
import { personIn } from '../cli/verb.ts';
import type { ConsoleContext } from '../console/context.ts';
import { openConsoleContext } from '../console/open-context.ts';
import { consoleResponse } from '../console/respond.ts';
import { openSignIn } from '../console/sign-in/open-sign-in.ts';
import { signedInResponse } from '../console/sign-in/serve.ts';
import { signedInConsole } from '../console/sign-in/signed-in-console.ts';
import { openidProvider } from '../lib/adapters/sign-in/openid-provider.ts';
import { jweSeal } from '../lib/adapters/sign-in/seal.ts';
import { consoleSecretNames, randomWord } from '../lib/core/access/sign-in.ts';
import type { ReportVisit, VisitEvent } from '../lib/core/access/visit-event.ts';
import type { Config, ConsoleConfig } from '../lib/core/config/config.ts';
import type { Closers } from './closers.ts';
import type { Print } from './follow.ts';
import { keepSecret, secretIn, secretsFile } from './local-secrets.ts';
import { plain } from './plain-text.ts';
import type { Site } from './site.ts';

/** Only this machine opens the session cookies, so it makes the key for them. */
const makeKey = async (file: string): Promise<void> => {
  const { key } = consoleSecretNames;
  if ((await secretIn(file)(key)) === null) keepSecret(file, key, randomWord());
};

type SignedIn = {
  context: ConsoleContext;
  console: ConsoleConfig;
  /** The address in feeds.yml. */
  origin: string;
  /** Where this machine's secrets are. */
  file: string;
  report: ReportVisit;
};

const signedIn = async ({ context, console, origin, file, report }: SignedIn) => {
  await makeKey(file);
  const signIn = openSignIn({
    origin,
    secret: secretIn(file),
    openProvider: openidProvider(console.oidc),
    openSeal: jweSeal(context.clock),
  });
  const reply = signedInConsole({ context, console, signIn, report });
  return signedInResponse({ origin, reply, onError: context.onError });
};

const textOf = (event: VisitEvent): string => {
  switch (event.event) {
    case 'console.signed-in':
      return `${event.person} signed in to the console`;
    case 'console.refused':
      return `the console refused ${event.subject}, who is not in allow (claims: ${event.claims.join(', ') || 'of an earlier sign-in'})`;
    case 'console.acted':
      return `${event.person} in the console: ${event.path}`;
    case 'console.failed':
      return `a sign-in to the console failed (${event.code}): ${event.message}`;
  }
};

type Here = { data: string; config: Config; site: Site };

/**
 * Opens the console of a local run and returns its address: that of feeds.yml, behind a sign-in, or 127.0.0.1 without
 * one.
 */
export async function openConsole({ data, config, site }: Here, tell: Print, opened: Closers) {
  const target = opened.keep(await openLocalTarget({ data }));
  const onError = (error: unknown) =>
    tell(`The console: ${error instanceof Error ? error.stack : error}`, true);
  const context = openConsoleContext({ target, by: personIn(process.env), clock: Date.now, data, onError });
  const { console } = config;
  const origin = console?.publicUrl ?? null;
  if (console === undefined || origin === null) {
    site.add(consoleResponse(context));
    return `${site.url}/`;
  }
  const report: ReportVisit = (event) => tell(plain(textOf(event)));
  site.add(await signedIn({ context, console, origin, file: join(data, secretsFile), report }));
  return `${origin}/`;
}
