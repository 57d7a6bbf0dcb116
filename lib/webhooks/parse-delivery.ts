import { misconfigured, permanent } from '../core/errors.ts';
import { readPayload, refuseMoreThan, usualBodyBytes } from '../core/webhooks/http-request.ts';
import type { ParseDelivery, WebhookRequest } from '../core/webhooks/webhook.ts';
import { ignored } from './mapping.ts';
import { verifyByRule } from './signature.ts';
import type { SignatureScheme, Source } from './source.ts';
import { sourceNamed } from './sources.ts';

/** As many as can be registered well before a sender stops waiting. */
const maxPayloads = 25;

/**
 * Checks the size and the signature of the bytes, and only then parses them. With a feed, an entry without a link is
 * ignored: the link is the only identity that a feed and its webhook share.
 */
export const parseDelivery: ParseDelivery = ({ from, options, hasFeed }, request, secrets, now) => {
  const source = sourceNamed(from);
  refuseMoreThan(source.maxBytes ?? usualBodyBytes, request.bytes.length);
  verifySignature(source)(request, secrets, options, now);

  const { headers } = request;
  const mapped = payloadsOf(source, request).map((payload) => source.map({ headers, payload }, options));
  if (mapped.length === 0) return [ignored('empty')];
  return mapped.map((one) =>
    one.kind === 'published' && hasFeed && one.entry.link === null ? ignored('no-link') : one,
  );
};

const verifySignature =
  ({ name, signature }: Source): SignatureScheme['verify'] =>
  (request, secrets, options, now) => {
    const scheme = options.verify ?? signature;
    if (scheme === null) {
      throw misconfigured(
        'signature.no-rule',
        `A webhook from ${name} cannot authenticate deliveries: add "verify" to it in feeds.yml.`,
      );
    }
    if ('kind' in scheme) verifyByRule(scheme, request, secrets, now);
    else scheme.verify(request, secrets, options, now);
  };

const payloadsOf = (source: Source, request: WebhookRequest): unknown[] => {
  const payload = readPayload(request, source);
  if (payload === null) return []; // the content system sent the word null, for nothing
  const payloads = source.split?.(payload) ?? [payload];
  if (payloads.length <= maxPayloads) return payloads;
  throw permanent(
    'webhook.too-many',
    `The delivery has ${payloads.length} entries, and at most ${maxPayloads} are accepted: send it in parts.`,
  );
};
