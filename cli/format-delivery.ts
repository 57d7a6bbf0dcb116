import type { DeliveriesRow, DeliveryNote } from '../lib/core/webhooks/deliveries-row.ts';
import type { IgnoredReason } from '../lib/core/webhooks/webhook.ts';
import { ignoredWords } from './format-ignored.ts';

/** Why a delivery was refused, by the code of the error; for who has to mend it. */
const refusedWords: Readonly<Record<string, string>> = {
  'signature.missing': 'no signature: no secret is set in the content system',
  'signature.malformed': 'the signature of another kind of sender: `from` names the wrong one',
  'signature.mismatch': 'wrong secret',
  'signature.stale': 'signed more than five minutes before or after it came: a clock is wrong',
  'signature.no-secret': 'a secret of this webhook is missing or empty in the inbound secret',
  'signature.bad-secret': 'the secret here is not one that this kind of sender makes',
  'signature.no-rule': 'it has no `verify`',
  'webhook.unreadable': 'the body cannot be read',
  'webhook.too-large': 'the body is too large',
  'webhook.too-many': 'too many stories in one delivery',
  'webhook.media-ids': '`media_ids` holds something else than ids',
  'webhook.expression': 'a `when`, `map` or `link` in feeds.yml is wrong',
};

const isIgnored = (reason: string): reason is IgnoredReason => Object.hasOwn(ignoredWords, reason);

/** Why, in words; nothing for what was admitted. */
export const whyWords = ({ reason }: Pick<DeliveryNote, 'reason'>): string => {
  if (reason === null) return '';
  if (isIgnored(reason)) return `${reason}: ${ignoredWords[reason]}`;
  return refusedWords[reason] ?? reason;
};

/** `3 queued · 1 refused`. */
export const countWords = (counts: DeliveriesRow['counts']): string =>
  Object.entries(counts)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(' · ') || 'none';
