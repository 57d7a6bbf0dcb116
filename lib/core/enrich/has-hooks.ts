import type { Config, FeedConfig } from '../config/config.ts';

type Known = Pick<Config, 'feeds' | 'webhooks'>;

const settingsOf = ({ feeds, webhooks }: Known): FeedConfig[] => [
  ...feeds,
  ...webhooks.map(({ mapping }) => mapping),
];

/** Whether any feed or webhook has a hook. */
export const hasHooks = (config: Known): boolean =>
  settingsOf(config).some(({ enrich }) => enrich !== undefined);

/** The ARNs of the functions that are hooks, each once, in order. */
export const hookFunctions = (config: Known): string[] => {
  const arns = settingsOf(config).flatMap(({ enrich }) =>
    enrich?.target.kind === 'lambda' ? [enrich.target.arn] : [],
  );
  return [...new Set(arns)].sort();
};

/** The names of the secrets that sign requests to hooks. */
export const hookSecrets = (config: Known): string[] =>
  settingsOf(config).flatMap(({ enrich }) =>
    enrich?.target.kind === 'url' ? enrich.target.secretNames : [],
  );

const withoutHook = <F extends FeedConfig>({ enrich: _, ...feed }: F): Omit<F, 'enrich'> => feed;

/** The same without hooks, for simulations, which ask none. */
export const withoutHooks = <C extends Known>(config: C): C => ({
  ...config,
  feeds: config.feeds.map(withoutHook),
  webhooks: config.webhooks.map((webhook) => ({ ...webhook, mapping: withoutHook(webhook.mapping) })),
});
