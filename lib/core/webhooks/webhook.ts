import type { FeedConfig } from '../config/config.ts';
import type { Entry } from '../entries/entry.ts';

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

/** How a delivery is authenticated: by a signature, or by the secret itself in one of three places. */
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

/** Settings of feeds.yml of which each source takes some. */
export const sourceSettingNames = [
  'verify',
  'when',
  'map',
  'fields',
  'link',
  'content_types',
  'environment',
  'locale',
  'base',
  'path',
] as const;
export type SourceSettingName = (typeof sourceSettingNames)[number];

/** What feeds.yml may set for one source. The sources themselves are in lib/webhooks, one file each. */
export type SourceSettings = {
  /** The value of `from`. */
  name: string;
  takes: readonly SourceSettingName[];
  needs: readonly SourceSettingName[];
  /** Fields that its payloads have in no known place. */
  lacks: readonly FieldName[];
  /** The forms of `verify` that it takes, as feeds.yml names them. Default: all. */
  verifyForms?: readonly ('hmac' | 'static_header' | 'basic' | 'query')[];
};

/** The settings of one webhook, with which its source verifies and maps. Null or empty: the source's own default. */
export type SourceOptions = {
  verify: VerifyRule | null;
  /** JMESPath; a payload for which it is false is ignored. */
  when: string | null;
  /** Our field → JMESPath. */
  map: FieldMap;
  /** Our field → the content system's name for it. */
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
 * What a delivery means. `firstPublished`: the payload states that this is the first publication; false: it does not
 * show. A known update is ignored.
 */
export type Mapped =
  | { kind: 'published'; entry: Entry; firstPublished: boolean; mediaIds?: number[] }
  | { kind: 'ignored'; reason: IgnoredReason };

/** The outcome of an authentic delivery, and the whole response to its sender. `known`: an existing entry, unchanged. */
export type Outcome =
  | { outcome: 'ignored'; reason: IgnoredReason }
  | { outcome: 'known' | 'queued' | 'held' | 'filtered' | 'baselined'; entry: string };
export type Received = Outcome | { outcome: 'several'; each: Outcome[] };

/**
 * Verifies a request, then maps it: one result for each entry that it holds. Throws permanent `signature.missing`,
 * `signature.malformed`, `signature.mismatch`, `signature.stale`, `webhook.too-large`, `webhook.unreadable`,
 * `webhook.media-ids`, `webhook.too-many`, and config `signature.no-rule`, `signature.no-secret`,
 * `signature.bad-secret`, `webhook.expression`, `webhook.unknown-source`. `now` is epoch milliseconds.
 */
export type ParseDelivery = (
  webhook: WebhookConfig,
  request: WebhookRequest,
  secrets: readonly (string | undefined)[],
  now: number,
) => Mapped[];
