import type { Config, FeedConfig } from './config.ts';

/** A key of the inbound secret, and the settings in feeds.yml that name it. */
export type NamedSecret = { name: string; usedBy: string[] };

type Naming = Pick<Config, 'feeds' | 'webhooks' | 'alerts' | 'events'>;

const ofLogin = ({ login }: FeedConfig): string[] =>
  login ? [...Object.values(login.headers), ...(login.basic === null ? [] : [login.basic])] : [];

const ofHook = ({ enrich }: FeedConfig): string[] =>
  enrich?.target.kind === 'url' ? enrich.target.secretNames : [];

const uses = ({ feeds, webhooks, alerts, events }: Naming): { by: string; names: string[] }[] => [
  ...feeds.map((feed) => ({ by: `feed ${feed.id}`, names: ofLogin(feed) })),
  ...webhooks.map(({ id, secretNames }) => ({ by: `webhook ${id}`, names: secretNames })),
  ...feeds.map((feed) => ({ by: `the hook of feed ${feed.id}`, names: ofHook(feed) })),
  ...webhooks.map(({ id, mapping }) => ({ by: `the hook of webhook ${id}`, names: ofHook(mapping) })),
  ...(alerts?.channels ?? []).map((channel) => ({
    by: `alerts to ${channel.kind}`,
    names: channel.kind === 'email' ? [] : [channel.secret],
  })),
  ...(events?.webAddresses ?? []).map(({ url, secretNames }) => ({
    by: `events to ${new URL(url).host}`,
    names: secretNames,
  })),
];

/** Every key of the inbound secret that feeds.yml names, each once. */
export const namedSecrets = (config: Naming): NamedSecret[] => {
  const named = uses(config).flatMap(({ by, names }) => names.map((name) => ({ name, by })));
  return [...Map.groupBy(named, ({ name }) => name)].map(([name, all]) => ({
    name,
    usedBy: [...new Set(all.map(({ by }) => by))],
  }));
};
