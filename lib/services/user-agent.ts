/** This project's page: package.json's `homepage`. */
const homepage = 'https://github.com/rss-drafts/rss-drafts';

/** The user agent for publishers: the version is package.json's, `contact` is set in feeds.yml. */
export const userAgentOf = ({ contact = homepage }: { contact?: string }): string =>
  `rss-drafts/0.1.0 (+${contact})`;

/** The user agent for other servers. */
export const userAgent = userAgentOf({});
