import type { SourceOptions, SourceSettings, VerifyRule } from '../core/webhooks/source-settings.ts';
import type { Delivery, Mapped, WebhookRequest } from '../core/webhooks/webhook.ts';

/** A delivery to sign. `at` is epoch milliseconds, `path` the one it is sent to, `id` names the delivery. */
export type UnsignedDelivery = { body: Uint8Array; secret: string; at: number; path: string; id: string };

/** A signature over body and time that no `VerifyRule` describes. */
export type SignatureScheme = {
  /**
   * Returns if one of the secrets created the signature; otherwise throws what `ParseDelivery` lists under
   * `signature.`.
   */
  verify: (
    request: WebhookRequest,
    secrets: readonly (string | undefined)[],
    options: SourceOptions,
    now: number,
  ) => void;
  /** The headers that the sender adds, in lower case. */
  sign: (delivery: UnsignedDelivery) => Record<string, string>;
};

/**
 * One content system: its settings in feeds.yml, its signature, how its payloads become entries, and its line in the
 * documentation. lib/webhooks/sources.ts lists them all.
 */
export type Source<Name extends string = string> = SourceSettings & {
  name: Name;
  /** Its name in documentation. */
  title: string;
  /** When it makes an entry, for the index in docs/webhooks/README.md. */
  trigger: string;
  /** How it signs unless `verify` is set. Null: `verify` is required. */
  signature: VerifyRule | SignatureScheme | null;
  /** Further headers of a publication; send-webhook adds them. */
  headers?: Readonly<Record<string, string>>;
  /** Splits a delivery into payloads of one entry each. Default: it is one payload. */
  split?: (payload: unknown) => unknown[];
  /** Largest body in bytes. Default: 1 MB. */
  maxBytes?: number;
  /** Whether a delivery may be a form with the JSON in a field `payload`. */
  takesForms?: true;
  /** Throws permanent `webhook.media-ids`, and config `webhook.expression`. */
  map: (delivery: Delivery, options: SourceOptions) => Mapped;
  /** Settings that are valid but may not be intended, as `check` shows them after the webhook's id. */
  warnings?: (options: SourceOptions) => string[];
};
