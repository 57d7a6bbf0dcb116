import type { Editorial } from '../editorial/editorial.ts';
import type { WhenUncertain } from '../ledger/row.ts';
import type { WebhookConfig } from '../webhooks/webhook.ts';
import type { AlertsConfig } from './file/alerts-file.ts';
import type { StageConfig } from './stages.ts';

/** What polling by a feed's own rate keeps to: the fleet's mean interval, and a feed's shortest and longest. */
export type PollBounds = { meanMs: number; minMs: number; maxMs: number };

/** When a feed is polled: by its own rate, at a fixed interval, or by a cron expression in a time zone. */
export type Rhythm = { adaptive: PollBounds } | { everyMs: number } | { cron: string; timezone: string };

/** Names of secrets in the inbound secret: by header (lower case), and of the `user:password` of Basic. */
export type FeedLogin = { headers: Record<string, string>; basic: string | null };

export type Publish = 'draft' | 'schedule' | 'now';

/** One feed of feeds.yml with all defaults applied. */
export type FeedConfig = {
  id: string;
  url: string;
  allowPrivate: boolean;
  /** What its server wants to see; none: nothing. */
  login?: FeedLogin;
  /** IANA name; the clock of its cron expression and of dates in its templates. */
  timezone: string;
  rhythm: Rhythm;
  backfill: number;
  /** An entry dated longer ago, in milliseconds, is not news; null: however old it is. */
  maxAgeMs: number | null;
  publish: Publish;
  whenUncertain: WhenUncertain;
  paused: boolean;
  /** Whether the same page in another feed of the brand is the same entry. */
  dedupe: 'brand' | 'feed';
  brandId: number;
  /** A Liquid template. */
  caption: string;
  /** Other fields of the API by the API's name, without `brand_id`, `text`, `status`, `auto_publish` and `creation_source`; string values are Liquid templates. */
  post: Record<string, unknown>;
  /** Which entries are wanted, how many at most, when, and with what appended to their links. */
  editorial: Editorial;
};

/** What holds for all that is said to Dash Social. */
type DashConfig = {
  /** Whether the list of posts may be asked for. */
  lookUp: boolean;
  /** Posts a minute, over all workers. */
  ratePerMinute: number;
};

/** feeds.yml, checked and complete. Plain JSON, so that it can be packed at build. */
export type Config = {
  timezone: string;
  dash: DashConfig;
  /** The address where a publisher learns who polls; none: the project's. */
  contact?: string;
  feeds: FeedConfig[];
  webhooks: WebhookConfig[];
  /** What differs from stage to stage, by the stage's name; see `atStage`. */
  stages?: Record<string, Partial<StageConfig>>;
  /** Where news that want a person are sent; none: nowhere. */
  alerts?: AlertsConfig;
};
