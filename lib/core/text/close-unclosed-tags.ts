const UNSEEN_TAG =
  /<(iframe|object|video|audio|svg|canvas|noscript|template|title|noembed|noframes)(?![\w-])[^<>]{0,2000}>/gi;

/**
 * Closes elements in HTML that hide their text and are never closed, at their start. A browser would hide the rest of
 * the page with them, which the author would have noticed there, but not in a feed. Scripts and styles are left alone,
 * because what follows their tag is never text. Linear in the length.
 */
export const closeForgotten = (html: string): string => {
  if (html.search(UNSEEN_TAG) === -1) return html;
  const lower = html.toLowerCase();
  const lastEnds = new Map<string, number>();
  const lastEnd = (name: string): number => {
    const end = lastEnds.get(name) ?? lower.lastIndexOf(`</${name}`);
    lastEnds.set(name, end);
    return end;
  };
  return html.replace(UNSEEN_TAG, (tag: string, name: string, at: number) =>
    at > lastEnd(name.toLowerCase()) ? `${tag}</${name}>` : tag,
  );
};
