import type { Config } from './config.ts';

/** A key of the inbound secret, and what in feeds.yml names it. */
export type NamedSecret = { name: string; usedBy: string[] };

type Use = [name: string, usedBy: string];

const usesIn = ({ webhooks, alerts }: Pick<Config, 'webhooks' | 'alerts'>): Use[] => [
  ...webhooks.flatMap(({ id, secretNames }) => secretNames.map((name): Use => [name, `webhook ${id}`])),
  ...(alerts?.channels ?? []).flatMap((channel): Use[] =>
    channel.kind === 'email' ? [] : [[channel.secret, `alerts to ${channel.kind}`]],
  ),
];

/** Every key of the inbound secret that feeds.yml names, each once. */
export const namedSecrets = (config: Pick<Config, 'webhooks' | 'alerts'>): NamedSecret[] =>
  [...Map.groupBy(usesIn(config), ([name]) => name)].map(([name, uses]) => ({
    name,
    usedBy: uses.map(([, usedBy]) => usedBy),
  }));
