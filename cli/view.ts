import { secretsByName } from '../lib/adapters/aws/inbound-secrets.ts';
import { fetchFeeds } from '../lib/adapters/feeds/fetch-feed.ts';
import { parseFeed, readsFeeds } from '../lib/adapters/feeds/parse-feed.ts';
import type { Config } from '../lib/core/config/config.ts';
import { atStage, liveStage } from '../lib/core/config/stages.ts';
import { AppError, misconfigured } from '../lib/core/errors.ts';
import { toType, type Where } from '../lib/core/operator/cli-hints.ts';
import { emptyStores, type ReadableStores } from '../lib/core/operator/dry-run-stores.ts';
import { withLogin } from '../lib/core/polling/feed-login.ts';
import type { AskHook, FeedStore, SecretByName } from '../lib/core/ports.ts';
import { userAgentOf } from '../lib/services/user-agent.ts';
import { readUserConfig } from '../local/user-config.ts';
import { type Target, type Vault, whereOf } from './target.ts';
import type { CommonOptions, VerbInput } from './verb.ts';

/** The feeds and the ledger used by preview and plan: feeds as configured next, the ledger as it is now. */
export type View = {
  config: Config;
  /** Where the feeds come from, and which ledger is used, as text. */
  source: string;
  ledgerOf: string;
  /** The target of suggested commands. */
  where: Where;
  start: string | null;
  isRunning: boolean;
  /** Where feed logins are stored; null when it is not running. */
  vault: Vault | null;
  stores: Omit<ReadableStores, 'feedStore'> & { feedStore: Pick<FeedStore, 'read' | 'schedule' | 'tick'> };
};

const usualFile = 'feeds.yml';

const isCode = (error: unknown, code: string): boolean => error instanceof AppError && error.code === code;

/** A missing data folder is allowed here; then every poll would be a first one. */
const openIfThere = async (open: VerbInput<unknown>['target']): Promise<Target | null> => {
  try {
    return await open();
  } catch (error) {
    if (isCode(error, 'local.nothing-there')) return null;
    throw error;
  }
};

const readIfThere = (file: string): Config | null => {
  try {
    return readUserConfig(file);
  } catch (error) {
    if (isCode(error, 'config.unreadable')) return null;
    throw error;
  }
};

const feedsOf = (config: string | undefined, target: Target | null): Pick<View, 'config' | 'source'> => {
  if (config !== undefined) return { config: readUserConfig(config), source: config };
  const usual = readIfThere(usualFile);
  if (target === null || (usual && usual.feeds.length + usual.webhooks.length > 0))
    return { config: usual ?? readUserConfig(usualFile), source: usualFile };
  return { config: target.config(), source: `running in ${target.name}` };
};

const noFeeds = (source: string, config: string | undefined) =>
  misconfigured(
    'config.no-feeds',
    `${source} has no feeds. Add one below feeds:, create the file with ${toType('init', { config })}, or name another with --config.`,
  );

/**
 * The feeds from --config, otherwise from feeds.yml in this folder, otherwise the running ones, with the settings of
 * the selected stage. Unlike elsewhere the file takes precedence, because it is about to be used. Throws config
 * `config.*`, including `config.no-feeds`.
 */
export const openView = async (options: CommonOptions, open: VerbInput<unknown>['target']): Promise<View> => {
  const { config, stage = liveStage } = options;
  const opened = await openIfThere(open);
  const feeds = feedsOf(config, opened);
  if (feeds.config.feeds.length === 0) throw noFeeds(feeds.source, config);
  return {
    source: feeds.source,
    config: atStage(feeds.config, stage),
    ledgerOf: opened?.name ?? 'empty (never started)',
    where: whereOf(options),
    start: opened?.start ?? null,
    isRunning: opened?.isRunning ?? false,
    vault: opened?.vault ?? null,
    stores: opened ?? {
      ...emptyStores,
      feedStore: {
        ...emptyStores.feedStore,
        schedule: async () => ({ slots: new Map(), backOffs: [] }),
        tick: async () => null,
      },
    },
  };
};

const secretIn = (vault: Vault | null, clock: () => number): SecretByName =>
  vault === null
    ? async (name) => {
        throw misconfigured(
          'inbound.not-here',
          `This needs the secret ${name}, which is available only while npm start is running. For a stage, add --stage.`,
        );
      }
    : secretsByName({ client: vault.client, secretId: vault.inboundSecretId, clock, lifetimeMs: 60_000 });

type Reads = { clock: () => number; vault?: Vault | null; config?: Pick<Config, 'contact'> };

/** Fetches and parses feeds like a poll; logins are read from the vault. */
export const feedReader = ({ clock, vault = null, config = {} }: Reads) => ({
  fetchFeed: withLogin(fetchFeeds({ now: clock, userAgent: userAgentOf(config) }), secretIn(vault, clock)),
  parseFeed,
  ...readsFeeds(),
});

/** What asks hooks, loaded only for a command that does: the functions' client is large. */
export const hookAsker = async ({ clock, vault = null }: Reads): Promise<{ askHook: AskHook }> => {
  const { hooksByTarget } = await import('../lib/services/hooks.ts');
  return { askHook: hooksByTarget({ secret: secretIn(vault, clock), clock }) };
};
