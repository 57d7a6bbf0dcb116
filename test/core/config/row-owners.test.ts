import { describe, expect, it } from 'vitest';
import { brandsOf, rowOwners, scopeOf } from '../../../lib/core/config/row-owners.ts';
import { feedOf } from '../../support/entries.ts';
import { webhookOf } from '../../support/hook-world.ts';

const newsroom = feedOf();
const products = feedOf({ id: 'products', brandId: 145, dedupe: 'feed' });
const ofNewsroom = webhookOf({ id: 'blog' });
const alone = webhookOf({ id: 'shop', hasFeed: false }, { id: 'shop', brandId: 9 });
const config = { feeds: [newsroom, products], webhooks: [ofNewsroom, alone] };

describe('row owners', () => {
  it('are the feeds, and the webhooks without a feed', () => {
    expect(rowOwners(config).map(({ id }) => id)).toEqual(['newsroom', 'products', 'shop']);
  });

  it('yield the brands that may have rows, each once', () => {
    const again = feedOf({ id: 'again' });

    expect(brandsOf({ ...config, feeds: [...config.feeds, again] })).toEqual([9, 144, 145]);
  });

  it.each([
    ['a feed with a webhook', newsroom, { feed: 'newsroom', brand: 144, dedupe: 'brand', paired: true }],
    ['that webhook', ofNewsroom.mapping, { feed: 'newsroom', brand: 144, dedupe: 'brand', paired: true }],
    ['a feed without', products, { feed: 'products', brand: 145, dedupe: 'feed', paired: false }],
    ['a webhook without a feed', alone.mapping, { feed: 'shop', brand: 9, dedupe: 'brand', paired: false }],
  ])('define the identity scope for %s', (_, owner, scope) => {
    expect(scopeOf(owner, config.webhooks)).toEqual(scope);
  });
});
