import type { KeyScope } from '../entries/identity/ledger-keys.ts';
import type { Config, FeedConfig, WebhookConfig } from './config.ts';

type Known = Pick<Config, 'feeds' | 'webhooks'>;

const hasNoFeed = ({ hasFeed }: WebhookConfig) => !hasFeed;

/** Everything that owns rows by its ID: the feeds, and the webhooks without a feed. */
export const rowOwners = ({ feeds, webhooks }: Known): FeedConfig[] => [
  ...feeds,
  ...webhooks.filter(hasNoFeed).map(({ mapping }) => mapping),
];

/** Every brand that may have rows, each once, in order. */
export const brandsOf = (config: Known): number[] =>
  [...new Set(rowOwners(config).map(({ brandId }) => brandId))].sort((a, b) => a - b);

/** The scope of an owner's entry identities; the same for a feed and its webhook. */
export const scopeOf = ({ id, brandId, dedupe }: FeedConfig, webhooks: WebhookConfig[]): KeyScope => ({
  feed: id,
  brand: brandId,
  dedupe,
  paired: webhooks.some(({ hasFeed, mapping }) => hasFeed && mapping.id === id),
});
