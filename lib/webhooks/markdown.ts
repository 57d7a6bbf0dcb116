const fence = /^ {0,3}(?:`{3,}|~{3,})/;

/** Markup at the beginning of a line, or a whole line of markup. */
const marks = [
  /^ {0,3}(?:> ?)+/,
  /^ {0,3}#{1,6}[ \t]+/,
  /^[ \t]{0,20}[-*+][ \t]+/,
  /^ {0,3}(?:[-*_=] ?){3,}$/,
];

/** Inline markup, and what replaces it. */
const spans: readonly (readonly [RegExp, string])[] = [
  [/!\[[^[\]]*\]\((?:[^()]|\([^()]*\))*\)/g, ''],
  [/\[([^[\]]*)\]\((?:[^()]|\([^()]*\))*\)/g, '$1'],
  [/<(https?:\/\/[^<>\s]*)>/g, '$1'],
  [/(?<![\\*])\*\*\*(?=[^\s*])([^*]+)\*\*\*/g, '$1'],
  [/(?<![\\*])\*\*(?=[^\s*])([^*]+)\*\*/g, '$1'],
  [/(?<![\\*\p{L}\p{N}])\*(?=[^\s*])([^*]+)\*(?![*\p{L}\p{N}])/gu, '$1'],
  [/(?<![\\_\p{L}\p{N}])__(?=[^\s_])([^_]+)__(?![_\p{L}\p{N}])/gu, '$1'],
  [/(?<![\\_\p{L}\p{N}])_(?=[^\s_])([^_]+)_(?![_\p{L}\p{N}])/gu, '$1'],
  [/~~([^~]+)~~/g, '$1'],
  [/`([^`]+)`/g, '$1'],
  [/\\([!-/:-@[-`{-~])/g, '$1'],
];

const lineOf = (line: string): string => {
  const bare = marks.reduce((text, mark) => text.replace(mark, ''), line);
  return spans.reduce((text, [pattern, left]) => text.replace(pattern, left), bare);
};

/**
 * Markdown without its markup: headings, emphasis, links (their text is kept), images (removed), quotes, bullets and
 * fences. HTML is kept. Linear in its length. https://spec.commonmark.org/
 */
export const textOfMarkdown = (markdown: string): string => {
  let fenced = false;
  const lines = markdown.split(/\r\n|[\r\n]/).flatMap((line) => {
    const isFence = fence.test(line);
    if (isFence) fenced = !fenced;
    return isFence ? [] : [fenced ? line : lineOf(line)];
  });
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
};
