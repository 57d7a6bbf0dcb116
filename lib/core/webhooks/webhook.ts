import type { WebhookConfig } from '../config/config.ts';
import type { Entry } from '../entries/entry.ts';

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
  | { outcome: 'known' | 'queued' | 'review' | 'held' | 'filtered' | 'baselined'; entry: string };
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
