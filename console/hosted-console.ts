import type { Target } from '../cli/target.ts';
import type { OpenProvider, OpenSeal } from '../lib/core/access/sign-in.ts';
import type { ReportVisit } from '../lib/core/access/visit-event.ts';
import type { Config, ConsoleConfig } from '../lib/core/config/config.ts';
import type { Clock, CountWakeUps, FetchFeed, ReadsFeeds, SecretByName } from '../lib/core/ports.ts';
import type { QueueDepths } from '../lib/jobs/operator/read-health.ts';
import type { ConsoleRequest } from './request.ts';
import { type ConsoleResponse, complete } from './response.ts';
import { openSignIn } from './sign-in/open-sign-in.ts';
import { signedInConsole, type VisitedContext } from './sign-in/signed-in-console.ts';

type Given = Omit<
  Target,
  | 'name'
  | 'where'
  | 'start'
  | 'isRunning'
  | 'config'
  | 'queueDepths'
  | 'vault'
  | 'site'
  | 'events'
  | 'dashUrl'
  | 'libraryUrl'
  | 'close'
>;

type Services = Given &
  ReadsFeeds & {
    config: Config;
    console: ConsoleConfig;
    origin: string;
    stage: string | undefined;
    depths: Record<keyof QueueDepths, CountWakeUps>;
    fetchFeed: FetchFeed;
    secret: SecretByName;
    openProvider: OpenProvider;
    openSeal: OpenSeal;
    clock: Clock;
  };

/** How often a visible page refreshes; what that costs: docs/console-on-aws.md. */
const everyMs = 120_000;

const depthsOf = async ({ depths }: Services): Promise<QueueDepths> => {
  const names = Object.keys(depths) as (keyof QueueDepths)[];
  const counted = await Promise.all(names.map(async (name) => [name, await depths[name]()]));
  return Object.fromEntries(counted);
};

const targetOf = (services: Services): Target => {
  const { config, stage } = services;
  return {
    ...services,
    name: `stage ${stage}`,
    where: { stage },
    start: null,
    isRunning: true,
    config: () => config,
    events: null,
    queueDepths: () => depthsOf(services),
    vault: null,
    site: null,
    dashUrl: null,
    libraryUrl: null,
    close: async () => {},
  };
};

type Log = { report: ReportVisit; onError: (error: unknown) => void };

/** What the pages of a deployed stage are rendered from, without a visitor. */
export const hostedContext = (services: Services, onError: (error: unknown) => void): VisitedContext => {
  const { clock, fetchFeed, identifyFeed, renderEntries } = services;
  return {
    target: targetOf(services),
    clock,
    fetchFeed,
    identifyFeed,
    renderEntries,
    readPolls: null,
    attention: { latest: null },
    everyMs,
    onError,
  };
};

/** The console of a deployed stage, behind a sign-in. */
export const hostedConsole = (services: Services, { report, onError }: Log) => {
  const { console, origin } = services;
  const context = hostedContext(services, onError);
  const reply = signedInConsole({ context, console, signIn: openSignIn(services), report });
  return async (request: Omit<ConsoleRequest, 'origin'>): Promise<ConsoleResponse> =>
    complete(await reply({ ...request, origin }));
};
