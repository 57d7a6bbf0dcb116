import type { Config } from '../core/config/config.ts';
import { sourceNamed } from './sources.ts';

/** What `check` shows about webhooks whose settings are valid but may not be intended, each with the webhook's id. */
export const webhookWarnings = ({ webhooks }: Config): string[] =>
  webhooks.flatMap(({ id, from, options }) =>
    (sourceNamed(from).warnings?.(options) ?? []).map((warning) => `${id} ${warning}`),
  );
