const NEVER_FOLLOWED = new Set(['javascript:', 'data:', 'vbscript:', 'blob:', 'about:']);

/**
 * A link of a feed made absolute; null when there is none, or when it is no address but a script or inlined data.
 * An address that is absolute already stays as the publisher wrote it, so that people recognise it; one that cannot
 * be resolved (a file without a URL) stays relative.
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
