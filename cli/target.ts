import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Config } from '../lib/core/config/config.ts';
import { misconfigured } from '../lib/core/errors.ts';
import type { Where } from '../lib/core/operator/cli-hints.ts';
import type {
  AlertStore,
  CircuitStore,
  DeliveryStore,
  FeedStore,
  LatestDrafts,
  Ledger,
  QuotaStore,
  SendFeeds,
  SendWakeUps,
} from '../lib/core/ports.ts';
import type { QueueDepths } from '../lib/jobs/operator/read-status.ts';

/** Secrets Manager, or what stands in for it, and what the two secrets are called there. */
export type Vault = {
  client: Pick<SecretsManagerClient, 'send'>;
  dashSecretId: string;
  inboundSecretId: string;
};

/** Where the verbs act: what runs on this machine, the data it left there, or a deployed stage. */
export type Target = {
  /** For a person: `.local`, `stage prod`. */
  name: string;
  /** What leads back to it: every command that a person is told to type says so (`toType`). */
  where: Where;
  /** What starts the work there, if that is a command. */
  start: string | null;
  /** Whether anything works on what is left in its queues. */
  isRunning: boolean;
  /** Read on first use, so that a wrong feeds.yml hinders only who needs it. Throws config `config.*`. */
  config: () => Config;
  ledger: Ledger;
  feedStore: FeedStore;
  circuits: CircuitStore;
  quotas: QuotaStore;
  latestDrafts: LatestDrafts;
  alerts: AlertStore;
  deliveries: DeliveryStore;
  sendWakeUps: SendWakeUps;
  /** Throws config `local.not-running` where nothing would poll. */
  sendFeeds: SendFeeds;
  queueDepths: () => Promise<QueueDepths | null>;
  /** Where the token and the inbound secrets lie; null where nothing runs. */
  vault: Vault | null;
  /** Where `/hooks/…` is on this machine; null where there is none. */
  site: string | null;
  /** Where posts go; null: to Dash Social itself. */
  dashUrl: string | null;
  close: () => Promise<void>;
};

/** Options that every verb takes. */
export type TargetOptions = { data: string; stage?: string; region?: string; config?: string };

/** Of all that a verb was given only what names the place. */
export const whereOf = ({ stage, region, data, config }: TargetOptions): Where => ({
  stage,
  region,
  data,
  config,
});

/** What a verb needs that works beside `npm start` is not there. */
export const notRunning = ({ name, start }: Pick<Target, 'name' | 'start'>) =>
  misconfigured(
    'local.not-running',
    start === null
      ? `This works on what runs on this machine, not on ${name}: leave out --stage.`
      : `Nothing runs over ${name}: start it with ${start}; or name a deployed stage with --stage.`,
  );
