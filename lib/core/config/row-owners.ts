import type { KeyScope } from '../entries/identity/ledger-keys.ts';
import type { Config, FeedConfig, WebhookConfig } from './config.ts';

type Known = Pick<Config, 'feeds' | 'webhooks'>;

const hasNoFeed = ({ hasFeed }: WebhookConfig) => !hasFeed;

/** Everything under whose id rows are kept: the feeds, and the webhooks that have no feed. */
export const rowOwners = ({ feeds, webhooks }: Known): FeedConfig[] => [
  ...feeds,
  ...webhooks.filter(hasNoFeed).map(({ mapping }) => mapping),
];

/** Every brand for which rows may be made, each once, in order. */
export const brandsOf = (config: Known): number[] =>
  [...new Set(rowOwners(config).map(({ brandId }) => brandId))].sort((a, b) => a - b);

/** Where the identities of an owner's entries count; the same for a feed and for its webhook. */
export const scopeOf = ({ id, brandId, dedupe }: FeedConfig, webhooks: WebhookConfig[]): KeyScope => ({
  feed: id,
  brand: brandId,
  dedupe,
  paired: webhooks.some(({ hasFeed, mapping }) => hasFeed && mapping.id === id),
});
