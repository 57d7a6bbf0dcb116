import { openLocalTarget } from './local-target.ts';
import { openStageTarget } from './stage-target.ts';
import type { Target, TargetOptions } from './target.ts';

/** The stage that is named, else this machine. Throws as `openStagePlace` and `openLocalPlace` do. */
export const openTarget = ({ stage, ...options }: TargetOptions): Promise<Target> =>
  stage === undefined ? openLocalTarget(options) : openStageTarget({ stage, ...options });
