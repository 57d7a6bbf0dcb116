import type { Config, Deliver, FeedConfig } from './config.ts';

/** The only stage that delivers by default. */
export const liveStage = 'prod';

/** Everything goes to the stage's brand, so nothing may be copied to other brands. */
const forBrand =
  (brandId: number) =>
  (feed: FeedConfig): FeedConfig => {
    const { duplicate_to_brand_ids: _, ...post } = feed.post;
    return { ...feed, brandId, post };
  };

/** The configuration for a stage, and whether it posts. */
export const atStage = (config: Config, stage: string): Config & { deliver: Deliver } => {
  const { deliver = stage === liveStage ? 'dash' : 'none', brandId = null } = config.stages?.[stage] ?? {};
  if (brandId === null) return { ...config, deliver };
  return {
    ...config,
    deliver,
    feeds: config.feeds.map(forBrand(brandId)),
    webhooks: config.webhooks.map((webhook) => ({ ...webhook, mapping: forBrand(brandId)(webhook.mapping) })),
  };
};
