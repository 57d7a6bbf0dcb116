import type { Editorial } from '../editorial/editorial.ts';
import type { WhenUncertain } from '../ledger/row.ts';
import type { SourceOptions } from '../webhooks/source-settings.ts';

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

/** One webhook of feeds.yml with all defaults applied. Plain JSON. */
export type WebhookConfig = {
  id: string;
  /** The name of a source, checked when feeds.yml is read. */
  from: string;
  /** Keys in the inbound secret: one, or two while rotating. Never the values. */
  secretNames: string[];
  /** Whether its entries belong to a feed, which then recognizes them by their link. */
  hasFeed: boolean;
  /** What becomes of its entries: the settings of its feed, overridden by its own; without a feed, its own. Never polled. */
  mapping: FeedConfig;
  options: SourceOptions;
  /** A post that would go public and whose entry is older than this is held. */
  staleAfterMs: number;
};

/** What the address of an alert channel belongs to. */
export type ChannelKind = 'slack' | 'teams' | 'webhook';

/** Where alerts go. `secret`: the key in the inbound secret under which the address lies. */
export type Channel = { kind: 'email' } | { kind: ChannelKind; secret: string };

export type AlertsConfig = {
  /** Each new draft is announced too. */
  drafts: boolean;
  /** The addresses may be in our own network. */
  allowPrivate: boolean;
  channels: Channel[];
};

/** `none`: everything runs, nothing is posted. */
export type Deliver = 'dash' | 'none';
/** What is different on a stage. */
export type StageConfig = { deliver: Deliver; brandId: number | null };

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
