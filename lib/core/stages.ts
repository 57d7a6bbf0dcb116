import * as v from 'valibot';
import type { Config, FeedConfig } from './config.ts';
import { closedMap, must, picked, setting, wholeNumber } from './config-schema.ts';
import { isObject } from './tiktok-post.ts';

/** The stage that delivers when nobody says otherwise. */
export const liveStage = 'prod';

/** What is different on a stage. `none`: everything runs, nothing is posted. */
export type Deliver = 'dash' | 'none';
export type StageConfig = { deliver: Deliver; brandId: number | null };

const stageMessage = must('a map of stages', 'write the name of a stage, a colon, and below it deliver');

const Stage = closedMap({
  deliver: setting(
    picked('dash', 'none'),
    'none: everything runs and nothing is posted. Default: dash on prod, else none.',
  ),
  brand_id: setting(wholeNumber(0, Number.MAX_SAFE_INTEGER), 'The brand of all feeds and webhooks here.'),
});

/** `stages:` of feeds.yml. */
export const StagesSection = v.pipe(
  v.custom<Record<string, unknown>>(isObject, stageMessage),
  v.record(
    v.pipe(
      v.string(),
      v.regex(
        /^[A-Za-z][A-Za-z0-9-]{0,39}$/,
        'is no name of a stage: take letters, digits and -, at most 40 of them, and begin with a letter',
      ),
    ),
    Stage,
  ),
);

/** What `stages:` says, complete. */
export const resolveStages = (
  written: v.InferOutput<typeof StagesSection>,
): Record<string, Partial<StageConfig>> =>
  Object.fromEntries(
    Object.entries(written).map(([name, { deliver, brand_id: brandId }]) => [
      name,
      { ...(deliver !== undefined && { deliver }), ...(brandId !== undefined && { brandId }) },
    ]),
  );

/** Everything here goes to the stage's brand, so nothing may be copied to the others. */
const forBrand =
  (brandId: number) =>
  (feed: FeedConfig): FeedConfig => {
    const { duplicate_to_brand_ids: _, ...post } = feed.post;
    return { ...feed, brandId, post };
  };

/** The configuration as it is on a stage, and whether anything is posted there. */
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
