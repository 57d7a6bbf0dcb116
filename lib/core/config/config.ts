import type { Editorial } from '../editorial/editorial.ts';
import type { WhenUncertain } from '../ledger/row.ts';
import type { SourceOptions } from '../webhooks/source-settings.ts';

/** Bounds of adaptive polling: the fleet's mean interval, and the shortest and longest interval of a feed. */
export type PollBounds = { meanMs: number; minMs: number; maxMs: number };

/** When a feed is polled: adaptively, at a fixed interval, or by a cron expression in a time zone. */
export type Rhythm = { adaptive: PollBounds } | { everyMs: number } | { cron: string; timezone: string };

/** Names of values in the inbound secret: by header (lower case), and for the `user:password` of Basic. */
export type FeedLogin = { headers: Record<string, string>; basic: string | null };

export type Publish = 'draft' | 'schedule' | 'now';

/** Which entries wait for approval before they are sent: none, all, or the first so many. */
export type Review = boolean | { first: number };

/** Where a hook is: a Lambda function, or a web address whose requests are signed with a secret. */
export type EnrichTarget =
  | { kind: 'lambda'; arn: string }
  | { kind: 'url'; url: string; secretNames: string[]; allowPrivate: boolean };

/** The hook that may change a post before it is sent. `onFailure`: what happens to a post about which it gave no answer. */
export type EnrichConfig = { target: EnrichTarget; timeoutMs: number; onFailure: 'hold' | 'send' };

/** What happens when an article changes after its draft: nothing, an alert, or a change of the draft where that is safe. */
export type OnEdit = 'ignore' | 'alert' | 'update';

/** One feed of feeds.yml with all defaults applied. */
export type FeedConfig = {
  id: string;
  url: string;
  allowPrivate: boolean;
  /** The credentials its server requires; missing: none. */
  login?: FeedLogin;
  /** IANA name; the clock of its cron expression and of dates in its templates. */
  timezone: string;
  rhythm: Rhythm;
  backfill: number;
  /** An entry dated longer ago, in milliseconds, is not new; null: no limit. */
  maxAgeMs: number | null;
  publish: Publish;
  whenUncertain: WhenUncertain;
  review: Review;
  /** Missing: no hook is asked. */
  enrich?: EnrichConfig;
  onEdit: OnEdit;
  paused: boolean;
  /** Whether the same page in another feed of the brand is the same entry. */
  dedupe: 'brand' | 'feed';
  brandId: number;
  /** A Liquid template. */
  caption: string;
  /**
   * Other API fields by their API names, except `brand_id`, `text`, `status`, `auto_publish` and `creation_source`;
   * string values are Liquid templates.
   */
  post: Record<string, unknown>;
  /** Which entries become drafts, how many at most, when, and what is appended to their links. */
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
  /** The settings for its entries: those of its feed, overridden by its own; without a feed, its own. Never polled. */
  mapping: FeedConfig;
  options: SourceOptions;
  /** A public post whose entry is older than this is held. */
  staleAfterMs: number;
};

/** The service behind a channel's address. */
export const channelKinds = ['slack', 'teams', 'webhook'] as const;
export type ChannelKind = (typeof channelKinds)[number];

/** Where alerts go. `secret`: the key in the inbound secret that contains the address. */
export type Channel = { kind: 'email' } | { kind: ChannelKind; secret: string };

/** When messages about entries to review are sent; `dailyAt`: minutes since midnight; null: never. */
export type ReviewAlerts = 'immediate' | { dailyAt: number } | null;

export type AlertsConfig = {
  review: ReviewAlerts;
  /** Whether each new draft is announced. */
  drafts: boolean;
  /** Whether the addresses may be in a private network. */
  allowPrivate: boolean;
  channels: Channel[];
};

/** Where events about changes are sent. */
export type EventsConfig = {
  /** Name or ARN of an EventBridge bus; null: none. */
  eventBus: string | null;
  /** `secretNames`: keys in the inbound secret whose values sign, two while rotating. */
  webAddresses: { url: string; secretNames: string[] }[];
  /** Whether the addresses may be in a private network. */
  allowPrivate: boolean;
};

/** People by what their provider states about them; one match is enough. Email addresses and domains in lower case. */
export type People = { groups: string[]; subjects: string[]; emails: string[]; domains: string[] };

/** The provider that people sign in with (OpenID Connect), exactly as it names itself. */
export type OidcConfig = {
  issuer: string;
  clientId: string;
  /** Separated by spaces. */
  scope: string;
  /** The claim with a person's groups or roles. */
  groupsClaim: string;
};

/** The console with sign-in. */
export type ConsoleConfig = {
  /** Where people open it: an origin without a trailing slash; null: the address of the stack. */
  publicUrl: string | null;
  oidc: OidcConfig;
  /** Who may enter. */
  allow: People;
  /** Who of these may do more than read. */
  roles: Record<'editor' | 'operator', People>;
};

/** `none`: everything runs, but nothing is posted. */
export type Deliver = 'dash' | 'none';
/** Settings that differ on a stage. */
export type StageConfig = { deliver: Deliver; brandId: number | null };

/** Values of parameters of serverless.yml; null: none. */
export type DeploySettings = Record<string, string | number | boolean | null>;
/** Settings of the AWS stacks: of every stage, and of single stages, which take precedence. */
export type DeployConfig = { all: DeploySettings; byStage: Record<string, DeploySettings> };

/** Settings for all requests to Dash Social. */
type DashConfig = {
  /** Whether the list of posts may be requested. */
  lookUp: boolean;
  /** Only where feeds.yml turns the check of videos before publication off. */
  checkMedia?: false;
  /** Posts per minute, over all workers. */
  ratePerMinute: number;
};

/** feeds.yml, checked and complete. Plain JSON, so that it can be packed at build. */
export type Config = {
  timezone: string;
  dash: DashConfig;
  /** The address where publishers can learn about the poller; missing: the project's. */
  contact?: string;
  feeds: FeedConfig[];
  webhooks: WebhookConfig[];
  /** Settings by stage name; see `atStage`. */
  stages?: Record<string, Partial<StageConfig>>;
  /** Where alerts are sent; missing: nowhere. */
  alerts?: AlertsConfig;
  /** Where events are sent; missing: nowhere. */
  events?: EventsConfig;
  /** Missing: no console on AWS, and none with sign-in on one machine. */
  console?: ConsoleConfig;
  /** Settings of the AWS stacks; not packed with the functions. */
  deploy?: DeployConfig;
};
