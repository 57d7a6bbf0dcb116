import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Config } from '../lib/core/config/config.ts';
import { misconfigured } from '../lib/core/errors.ts';
import type { Where } from '../lib/core/operator/cli-hints.ts';
import type {
  ActivityStore,
  AlertStore,
  CircuitStore,
  DeliveryStore,
  FeedStore,
  LatestDrafts,
  Ledger,
  QuotaStore,
  SendDeliveries,
  SendFeeds,
  SendWakeUps,
} from '../lib/core/ports.ts';
import type { QueueDepths } from '../lib/jobs/operator/read-health.ts';

/** Secrets Manager or its emulator, and the IDs of the secrets. */
export type Vault = {
  client: Pick<SecretsManagerClient, 'send'>;
  dashSecretId: string;
  inboundSecretId: string;
  /** Null where no console is deployed. */
  consoleSecretId: string | null;
};

/** The queues of events, which exist where feeds.yml has `events:`. */
export type EventQueues = {
  sendDeliveries: SendDeliveries;
  /** Sends every dead letter again; returns how many. */
  redrive: () => Promise<number>;
};

/** The target of commands: a running or stopped service on this machine, or a deployed stage. */
export type Target = {
  /** Its name for people: `.local`, `stage prod`. */
  name: string;
  /** The options that select it, for suggested commands (`toType`). */
  where: Where;
  /** The command that starts it, if there is one. */
  start: string | null;
  /** Whether it is running, so that its queues are processed. */
  isRunning: boolean;
  /** Read on first use, so that an invalid feeds.yml fails only commands that need it. Throws config `config.*`. */
  config: () => Config;
  ledger: Ledger;
  feedStore: FeedStore;
  circuits: CircuitStore;
  quotas: QuotaStore;
  latestDrafts: LatestDrafts;
  activities: ActivityStore;
  alerts: AlertStore;
  deliveries: DeliveryStore;
  sendWakeUps: SendWakeUps;
  /** Throws config `local.not-running` when it is not running. */
  sendFeeds: SendFeeds;
  /** Null where events are off, or nothing is running. */
  events: EventQueues | null;
  queueDepths: () => Promise<QueueDepths | null>;
  /** Where the token and the inbound secret are stored; null when it is not running. */
  vault: Vault | null;
  /** The address of `/hooks/…` on this machine; null if there is none. */
  site: string | null;
  /** Where posts go; null: to Dash Social itself. */
  dashUrl: string | null;
  /** Where the Library is; null: where `dashUrl` says. */
  libraryUrl: string | null;
  close: () => Promise<void>;
};

/** Options that every command takes. */
export type TargetOptions = { data: string; stage?: string; region?: string; config?: string };

/** Only the options that select the target. */
export const whereOf = ({ stage, region, data, config }: TargetOptions): Where => ({
  stage,
  region,
  data,
  config,
});

/** For commands that need a running `npm start`. */
export const notRunning = ({ name, start }: Pick<Target, 'name' | 'start'>) =>
  misconfigured(
    'local.not-running',
    start === null
      ? `This command works only on this machine, not on ${name}: leave out --stage.`
      : `Not running (data folder ${name}): start it with ${start}, or name a deployed stage with --stage.`,
  );
