import * as v from 'valibot';
import { isObject } from '../../is-object.ts';
import type { StageConfig } from '../config.ts';
import { notAStageName, stageName } from '../stages.ts';
import { must } from '../wrong-value.ts';
import { closedMap, picked, setting, wholeNumber } from './config-schema.ts';
import { DeploySection } from './deploy-file.ts';

const stageMessage = must('a map of stages', 'write the name of a stage, a colon, and below it deliver');

const Stage = closedMap({
  deliver: setting(
    picked('dash', 'none'),
    'none: everything runs, nothing is posted. Default: dash on prod, else none.',
  ),
  brand_id: setting(wholeNumber(0, Number.MAX_SAFE_INTEGER), 'The brand that gets everything on this stage.'),
  deploy: setting(DeploySection, 'Settings of its AWS stack; they replace those of deploy.'),
});

/** `stages:` of feeds.yml. */
export const StagesSection = v.pipe(
  v.custom<Record<string, unknown>>(isObject, stageMessage),
  v.record(v.pipe(v.string(), v.regex(stageName, notAStageName)), Stage),
);

/** The complete settings from `stages:`. */
export const resolveStages = (
  written: v.InferOutput<typeof StagesSection>,
): Record<string, Partial<StageConfig>> =>
  Object.fromEntries(
    Object.entries(written).map(([name, { deliver, brand_id: brandId }]) => [
      name,
      { ...(deliver !== undefined && { deliver }), ...(brandId !== undefined && { brandId }) },
    ]),
  );
