import { toType } from '../../lib/core/operator/cli-hints.ts';
import { demoFeeds } from './publisher.ts';

/**
 * The demo's feeds.yml: its feeds as served at `siteUrl`, each with a backfill of one story. `data`: the data folder.
 */
export const demoConfig = (
  siteUrl: string,
  data: string,
): string => `# Written by the demo at each start. For your own feeds, create a feeds.yml.
timezone: Europe/Berlin
defaults:
  brand_id: 144
  every: 1m
  backfill: 1 # how many existing stories become drafts
  allow_private: true # the demo's publisher is on this machine
feeds:
${demoFeeds.map((id) => `  ${id}:\n    url: ${siteUrl}/demo/${id}.xml\n`).join('')}
# Send a payload as Ghost would: ${toType('send-webhook newsroom-ghost local/demo/ghost-post.json', { data })}
webhooks:
  newsroom-ghost:
    from: ghost
    secret_name: ghost # a random secret, in secrets.json next to this file
    feed: newsroom
`;
