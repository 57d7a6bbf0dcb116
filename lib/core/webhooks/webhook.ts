import type { FeedConfig } from '../config/config.ts';
import type { Entry } from '../entries/entry.ts';

/** What can send us webhooks; each is one file in lib/webhooks. The last three are presets over `generic`. */
export const sourceNames = [
  'standard-webhooks',
  'ghost',
  'wordpress',
  'contentful',
  'sanity',
  'hygraph',
  'strapi',
  'webflow',
  'github',
  'generic',
  'storyblok',
  'directus',
  'zapier',
] as const;
export type SourceName = (typeof sourceNames)[number];

export const hmacAlgorithms = ['sha1', 'sha256', 'sha384', 'sha512'] as const;
export const signatureEncodings = ['hex', 'base64', 'base64url'] as const;

/** A signature in one header, over a template of `{id}`, `{timestamp}` and `{body}`. Header names are lower-case. */
export type HmacRule = {
  kind: 'hmac';
  algorithm: (typeof hmacAlgorithms)[number];
  header: string;
  encoding: (typeof signatureEncodings)[number];
  /** What stands before the signature in its header, such as `sha256=`. */
  prefix: string;
  signed: string;
  timestampHeader: string | null;
  /** Unit of the timestamp: seconds or milliseconds since 1970. */
  unit: 's' | 'ms';
  idHeader: string | null;
};

/** How a delivery proves where it comes from: by a signature, or by the secret itself in one of three places. */
export type VerifyRule =
  | HmacRule
  | { kind: 'header'; header: string; prefix: string }
  | { kind: 'basic'; user: string }
  | { kind: 'query'; parameter: string };

/** What `fields` and `map` may fill, by the names used in feeds.yml. */
export const fieldNames = [
  'id',
  'title',
  'link',
  'slug',
  'summary',
  'content',
  'author',
  'image',
  'video',
  'categories',
  'published',
  'updated',
  'media_ids',
  'first_published',
] as const;
export type FieldName = (typeof fieldNames)[number];
export type FieldMap = Partial<Record<FieldName, string>>;

/** Everything a source may be told in feeds.yml; each reads what concerns it. Null or empty: its own default. */
export type SourceOptions = {
  verify: VerifyRule | null;
  /** JMESPath; a payload for which it is false is ignored. */
  when: string | null;
  /** Our field → JMESPath. */
  map: FieldMap;
  /** Our field → the name of theirs. */
  fields: FieldMap;
  /** Liquid over the payload's fields. */
  link: string | null;
  contentTypes: string[];
  environment: string | null;
  locale: string | null;
  /** What relative addresses of pictures and videos are relative to. */
  base: string | null;
  /** The public path, where the sender signs it and something in front of us changes it. */
  path: string | null;
};

/** One webhook of feeds.yml with all defaults applied. Plain JSON. */
export type WebhookConfig = {
  id: string;
  from: SourceName;
  /** Keys in the inbound secret: one, or two while rotating. Never the values. */
  secretNames: string[];
  /** Whether its entries are those of a feed, which then knows a story by its link. */
  hasFeed: boolean;
  /** What becomes of its entries: its feed's, with what it says itself laid over; without a feed all its own, never polled. */
  mapping: FeedConfig;
  options: SourceOptions;
  /** A post that would go public and whose entry is older than this is held. */
  staleAfterMs: number;
};

/** An HTTP request as it arrived. Header names are lower-case, `bytes` is the body before any decoding. */
export type WebhookRequest = {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  bytes: Uint8Array;
};

/** An authentic delivery, its body read. Beware: most senders do not sign the headers. */
export type Delivery = { headers: Record<string, string>; payload: unknown };

/** Why an authentic delivery makes no draft. */
export type IgnoredReason =
  | 'ping'
  | 'test'
  | 'empty'
  | 'other-event'
  | 'other-type'
  | 'other-environment'
  | 'other-locale'
  | 'draft'
  | 'prerelease'
  | 'protected'
  | 'unpublished'
  | 'archived'
  | 'deleted'
  | 'update'
  | 'not-wanted'
  | 'paused'
  | 'no-page'
  | 'no-link'
  | 'no-identity'
  | 'no-text';

/**
 * What a delivery means. `firstPublished`: the source itself says that this is the first publication; false: it
 * cannot tell. What is known to be an update is ignored.
 */
export type Mapped =
  | { kind: 'published'; entry: Entry; firstPublished: boolean; mediaIds?: number[] }
  | { kind: 'ignored'; reason: IgnoredReason };

/**
 * What became of an authentic delivery, and all that its sender is told. `known`: it was there already, and nothing
 * changed.
 */
export type Outcome =
  | { outcome: 'ignored'; reason: IgnoredReason }
  | { outcome: 'known' | 'queued' | 'held' | 'filtered' | 'baselined'; entry: string };
export type Received = Outcome | { outcome: 'several'; each: Outcome[] };

export type Source = {
  /**
   * Returns if one of the secrets proves the request, else throws: permanent `signature.missing`,
   * `signature.malformed`, `signature.mismatch`, `signature.stale`; config `signature.no-secret`,
   * `signature.bad-secret`. `now` is epoch milliseconds.
   */
  verify: (
    request: WebhookRequest,
    secrets: readonly (string | undefined)[],
    options: SourceOptions,
    now: number,
  ) => void;
  /** The payloads of one story each that a delivery brings together; without it, a delivery is always one. */
  stories?: (payload: unknown) => unknown[];
  /** How many bytes its deliveries may have; without it, a megabyte. */
  mostBytes?: number;
  /** Its deliveries may be forms with the JSON in a field `payload`. */
  takesForms?: true;
  /** Throws permanent `webhook.unreadable`, `webhook.media-ids`, and config `webhook.expression`. */
  map: (delivery: Delivery, options: SourceOptions) => Mapped;
};

/**
 * Proves a request, then reads it: what the receiver needs to know of all of this. One for each story. Throws what
 * `Source` does, and permanent `webhook.too-many`.
 */
export type ParseDelivery = (
  webhook: WebhookConfig,
  request: WebhookRequest,
  secrets: readonly (string | undefined)[],
  now: number,
) => Mapped[];
