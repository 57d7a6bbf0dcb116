import { fixedToken, secretToken } from '../lib/adapters/aws/token.ts';
import { dashBrands } from '../lib/adapters/dash-social/dash-brands.ts';
import { dashCampaigns } from '../lib/adapters/dash-social/dash-campaigns.ts';
import { dashRequests } from '../lib/adapters/dash-social/dash-requests.ts';
import type { LibraryAddress } from '../lib/core/dash/dash-call.ts';
import { readToken } from '../lib/core/dash/token-text.ts';
import { misconfigured } from '../lib/core/errors.ts';
import type { TokenSource } from '../lib/core/ports.ts';
import { userAgent } from '../lib/services/user-agent.ts';
import type { VerbInput } from './verb.ts';

/** What a command reads from Dash Social. `source`: where its token comes from, as text. */
export type DashAccess = {
  source: string;
  brands: ReturnType<typeof dashBrands>;
  campaigns: ReturnType<typeof dashCampaigns>;
};

type Wanted = Pick<VerbInput<unknown>, 'options' | 'terminal' | 'target'>;
type Found = LibraryAddress & { source: string; token: TokenSource };

const tokenVariable = 'DASH_SOCIAL_TOKEN';
const tokenLifetimeMs = 60_000;

/** The token in the environment, as `npm start` uses it; null if there is none. */
const fromEnvironment = ({ env }: Wanted['terminal']): Found | null => {
  const text = env[tokenVariable]?.trim() ?? '';
  if (text === '') return null;
  return {
    source: tokenVariable,
    token: fixedToken(readToken(text)),
    ...(env.DASH_URL && { baseUrl: env.DASH_URL }),
    ...(env.DASH_LIBRARY_URL && { libraryUrl: env.DASH_LIBRARY_URL }),
  };
};

const fromTarget = async ({ terminal, target }: Wanted): Promise<Found> => {
  const { vault, dashUrl, libraryUrl, name } = await target();
  if (vault === null)
    throw misconfigured(
      'dash.no-token',
      `There is no Dash Social token to read with: set ${tokenVariable}, start npm start, or name a deployed stage with --stage.`,
    );
  const { client, dashSecretId: secretId } = vault;
  return {
    source: name,
    token: secretToken({ client, secretId, clock: terminal.clock, lifetimeMs: tokenLifetimeMs }),
    ...(dashUrl !== null && { baseUrl: dashUrl }),
    ...(libraryUrl !== null && { libraryUrl }),
  };
};

/**
 * Dash Social, with the token of --stage, otherwise that in DASH_SOCIAL_TOKEN, otherwise that of what is running on this
 * machine. Sends no request yet. Throws config `token.*`, `dash.no-token` and the errors of the target.
 */
export const dashAccess = async (wanted: Wanted): Promise<DashAccess> => {
  const here = wanted.options.stage === undefined ? fromEnvironment(wanted.terminal) : null;
  const { source, ...found } = here ?? (await fromTarget(wanted));
  const send = dashRequests({ clock: wanted.terminal.clock, userAgent });
  return { source, brands: dashBrands({ ...found, send }), campaigns: dashCampaigns({ ...found, send }) };
};

/** Whether `init` can list brands without starting anything. */
export const hasToken = ({ options, terminal }: Omit<Wanted, 'target'>): boolean =>
  options.stage !== undefined || (terminal.env[tokenVariable]?.trim() ?? '') !== '';
