/** How we introduce ourselves to everybody; the version is package.json's. */
export const userAgent = 'rss-drafts/0.1.0';
