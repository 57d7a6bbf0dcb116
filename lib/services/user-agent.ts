/** The page of this project: package.json's `homepage`. */
const homepage = 'https://github.com/rss-drafts/rss-drafts';

/** How we introduce ourselves to publishers: the version is package.json's, `contact` what feeds.yml says. */
export const userAgentOf = ({ contact = homepage }: { contact?: string }): string =>
  `rss-drafts/0.1.0 (+${contact})`;

/** How we introduce ourselves to everybody else. */
export const userAgent = userAgentOf({});
