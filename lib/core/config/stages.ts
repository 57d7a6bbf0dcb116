import type { Config, Deliver, FeedConfig } from './config.ts';

/** The only stage that delivers by default. */
export const liveStage = 'prod';

/** The names that a stage may have: CloudFormation's for stacks, and short. */
export const stageName = /^[A-Za-z][A-Za-z0-9-]{0,39}$/;
export const notAStageName =
  'is not a stage name: use letters, digits and -, at most 40, and begin with a letter';

/** Everything goes to the stage's brand, so nothing may be copied to other brands. */
const forBrand =
  (brandId: number) =>
  (feed: FeedConfig): FeedConfig => {
    const { duplicate_to_brand_ids: _, ...post } = feed.post;
    return { ...feed, brandId, post };
  };

/** The address in feeds.yml is that of the live stage; the others are at the addresses of their stacks. */
const consoleAt = ({ console }: Config, stage: string): Pick<Config, 'console'> =>
  console === undefined || stage === liveStage ? {} : { console: { ...console, publicUrl: null } };

/** The configuration for a stage, and whether it posts. */
export const atStage = (written: Config, stage: string): Config & { deliver: Deliver } => {
  const config = { ...written, ...consoleAt(written, stage) };
  const { deliver = stage === liveStage ? 'dash' : 'none', brandId = null } = config.stages?.[stage] ?? {};
  if (brandId === null) return { ...config, deliver };
  return {
    ...config,
    deliver,
    feeds: config.feeds.map(forBrand(brandId)),
    webhooks: config.webhooks.map((webhook) => ({ ...webhook, mapping: forBrand(brandId)(webhook.mapping) })),
  };
};
