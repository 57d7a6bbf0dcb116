import type { Config } from '../config/config.ts';

/** What of a webhook is left to a default that fits some sites only, and how to decide it, for a person. */
export const webhookWarnings = ({ webhooks }: Config): string[] =>
  webhooks
    .filter(({ from, options }) => from === 'strapi' && options.locale === null)
    .map(
      ({ id }) =>
        `${id} has no locale: of what is localised only "en" is taken, with which Strapi begins; write the locale you want, or locale: en`,
    );
