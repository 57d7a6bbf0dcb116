import { openLocalPlace } from './local-place.ts';
import type { Place, PlaceOptions } from './place.ts';
import { openStagePlace } from './stage-place.ts';

/** The stage that is named, else this machine. Throws as `openStagePlace` and `openLocalPlace` do. */
export const openPlace = ({ stage, ...options }: PlaceOptions): Promise<Place> =>
  stage === undefined ? openLocalPlace(options) : openStagePlace({ stage, ...options });
