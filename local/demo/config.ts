import { toType } from '../../lib/core/operator/cli-hints.ts';
import { demoFeeds } from './publisher.ts';

/**
 * The demo's feeds.yml: its feeds as served at `siteUrl`, each with a backfill of one story. `data`: the data folder.
 */
export const demoConfig = (
  siteUrl: string,
  data: string,
): string => `# Written by the demo at each start; your own feeds go into a feeds.yml of yours.
timezone: Europe/Berlin
defaults:
  brand_id: 144
  every: 1m
  backfill: 1 # of the stories already there
  allow_private: true # the demo's publisher is on this machine
feeds:
${demoFeeds.map((id) => `  ${id}:\n    url: ${siteUrl}/demo/${id}.xml\n`).join('')}
# What Ghost would send, try with: ${toType('send-webhook newsroom-ghost local/demo/ghost-post.json', { data })}
webhooks:
  newsroom-ghost:
    from: ghost
    secret_name: ghost # local: drawn by lot into secrets.json beside this file
    feed: newsroom
`;
