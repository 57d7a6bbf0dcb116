import type { DeliveriesRow, DeliveryNote } from '../lib/core/webhooks/deliveries-row.ts';
import type { IgnoredReason } from '../lib/core/webhooks/webhook.ts';
import { ignoredTexts } from './format-ignored.ts';

/** Why a delivery was refused, by error code. */
const refusals: Readonly<Record<string, string>> = {
  'signature.missing': 'no signature: set the secret in the content system',
  'signature.malformed': 'wrong signature: not in the form that this content system sends',
  'signature.mismatch': 'wrong signature: made with another secret than the one stored',
  'signature.stale': 'signed more than 5 min before or after it arrived: a clock is wrong',
  'signature.no-secret': 'the secret of this webhook is missing or empty',
  'signature.bad-secret': 'the stored secret does not have the format of this content system',
  'signature.no-rule': 'the webhook has no `verify` in feeds.yml',
  'webhook.unreadable': 'the body cannot be read',
  'webhook.too-large': 'the body is too large',
  'webhook.too-many': 'too many entries in one delivery',
  'webhook.media-ids': '`media_ids` contains something other than IDs',
  'webhook.expression': '`when`, `map` or `link` in feeds.yml is invalid',
};

const isIgnored = (reason: string): reason is IgnoredReason => Object.hasOwn(ignoredTexts, reason);

/** Why a delivery was ignored, refused or failed; empty for any other. */
export const reasonText = ({ reason }: Pick<DeliveryNote, 'reason'>): string => {
  if (reason === null) return '';
  if (isIgnored(reason)) return `${reason}: ${ignoredTexts[reason]}`;
  return refusals[reason] ?? reason;
};

/** `3 queued · 1 refused`. */
export const countsText = (counts: DeliveriesRow['counts']): string =>
  Object.entries(counts)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(' · ') || 'none';
