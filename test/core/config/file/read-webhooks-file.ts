import { type ConfigFault, readConfig } from '../../../../lib/config.ts';
import { AppError } from '../../../../lib/core/errors.ts';

const feeds = `
defaults:
  brand_id: 144
feeds:
  newsroom:
    url: https://www.example.com/feed.xml
    caption: "{{ title }}!"
    post: { campaign_ids: [12] }
webhooks:
`;

/** feeds.yml with one feed and these lines under `webhooks:`. */
export const file = (lines: string) => feeds + lines.replace(/^/gm, '  ');

export const webhook = (lines: string) => file(`hook:\n${lines.trim().replace(/^/gm, '  ')}`);

export const faultsOf = (yaml: string): string[] => {
  try {
    readConfig(yaml, 'feeds.yml');
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return (error.details.faults as ConfigFault[]).map(({ path, message }) => `${path} ${message}`);
  }
};

export const generic = `
from: generic
secret_name: cms
map: { id: id, title: title, link: url }
verify: { hmac: sha256, header: X-Signature }
`;

export const contentful = `
from: contentful
secret_name: contentful
content_types: [article]
link: "https://www.example.com/{{ slug }}"
`;
