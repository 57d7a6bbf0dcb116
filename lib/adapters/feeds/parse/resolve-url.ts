const NEVER_FOLLOWED = new Set(['javascript:', 'data:', 'vbscript:', 'blob:', 'about:']);

/**
 * Makes a feed's link absolute; null if it is missing, a script or inlined data. An absolute address is kept as
 * written, so that people recognize it; one that cannot be resolved (a document without a URL) stays relative.
 */
export const resolveUrl = (raw: string | undefined, base: string | null): string | null => {
  const link = raw?.replace(/[\t\n\r]+/g, '').trim() ?? '';
  if (link === '') return null;
  const absolute = URL.parse(link);
  if (absolute !== null && NEVER_FOLLOWED.has(absolute.protocol)) return null;
  if (absolute !== null) return link.includes(' ') ? absolute.href : link;
  return (base === null ? null : URL.parse(link, base)?.href) ?? link;
};

export const isWebAddress = (text: string): boolean => /^https?:\/\/[^\s]+$/i.test(text);

/** Longer addresses are ignored, because the hub is stored in the feed's row. */
const maxHubLength = 500;

/** The first usable address of a WebSub hub, as a part of a feed's hints. */
export const hubHint = (addresses: readonly (string | null)[], base: string | null): { hub?: string } => {
  const hub = addresses
    .map((address) => resolveUrl(address ?? undefined, base))
    .find((address) => address !== null && address.length <= maxHubLength && isWebAddress(address));
  return hub ? { hub } : {};
};
