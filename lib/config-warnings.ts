import { isPair, isScalar, LineCounter, parseDocument, type Scalar, visit } from 'yaml';
import type { ConfigFault } from './config.ts';
import { leftoversIn } from './core/captions/leftovers.ts';
import { literalParts } from './core/captions/template.ts';

/** Settings whose texts are posted or matched. A comment within them is probably unintended. */
const textSettings = new Set(['caption', 'post', 'utm', 'keywords', 'categories', 'authors']);
/** Those of them that are Liquid templates. */
const templateSettings = new Set(['caption', 'post', 'utm']);

type Found = { offset: number; message: string };
type Written = { node: Scalar; path: string[] };

/** Whether a template may be at a path, also where an anchor under `x-…` keeps it for an alias. */
const isBelow = (names: ReadonlySet<string>, { path, node }: Written): boolean =>
  path.some((name) => names.has(name)) ||
  (path[0]?.startsWith('x-') === true && String(node.value).includes('{{'));

const namesAbove = (ancestors: readonly unknown[]): string[] =>
  ancestors.flatMap((one) => (isPair(one) && isScalar(one.key) ? [String(one.key.value)] : []));

const writtenIn = (text: string, lines: LineCounter): Written[] => {
  const found: Written[] = [];
  const document = parseDocument(text, { merge: true, lineCounter: lines, prettyErrors: false });
  visit(document, {
    Scalar: (key, node, ancestors) => {
      if (key !== 'key' && node.range) found.push({ node, path: namesAbove(ancestors) });
    },
  });
  return found;
};

const words = String.raw`#(?=[\p{L}\p{N}_])(?![\w-]+:(?:\s|$))[^\n]*`;
// bounded: feeds.yml
const besideIt = new RegExp(`^[ \\t]*${words}`, 'u');
// bounded: feeds.yml
const besideBar = new RegExp(`^[|>][-+\\d]*[ \\t]+${words}`, 'u');
// bounded: feeds.yml
const belowIt = new RegExp(`^\\s*\\n([ \\t]*)(${words})`, 'u');
const onlyHashtags = /^(?:#[\p{L}\p{M}\p{N}_]+\s*)+$/u;

const indentAt = (text: string, offset: number): number => {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^ */.exec(line)?.[0].length ?? 0;
};

/** A comment that cuts off the end of a value, and where it begins; null if there is none. */
const swallowed = (text: string, { range, type }: Scalar): Found | null => {
  const [begin = 0, end = 0] = range ?? [];
  const isBlock = type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED';
  const beside = isBlock ? besideBar.exec(text.slice(begin)) : besideIt.exec(text.slice(end));
  if (beside) return foundAt(text, (isBlock ? begin : end) + beside[0].indexOf('#'));
  // A block includes its last line break.
  const after = isBlock ? `\n${text.slice(end)}` : text.slice(end);
  const below = belowIt.exec(after);
  if (!below) return null;
  const [whole, indent = '', comment = ''] = below;
  const own = indentAt(text, begin);
  const isMeant = isBlock ? indent.length < own || !onlyHashtags.test(comment) : indent.length <= own;
  return isMeant ? null : foundAt(text, end + whole.length - comment.length - (isBlock ? 1 : 0));
};

const foundAt = (text: string, offset: number): Found => {
  const [word = ''] = /^#[\p{L}\p{M}\p{N}_-]+/u.exec(text.slice(offset)) ?? [];
  const message = `ends before ${word}, where a YAML comment begins: put the whole value in quotes, or write "# " if it is meant as a comment`;
  return { offset, message };
};

/** The approximate offset in the file of a character in a value; exact unless the value is written with escapes. */
const offsetOf = (text: string, { range, source, type, value }: Scalar, at: number): number => {
  const begin = range?.[0] ?? 0;
  const wanted = String(value).slice(at);
  const start = type === 'PLAIN' ? begin : begin + 1;
  if (!type?.startsWith('BLOCK')) {
    const isSame = text.startsWith(String(value).slice(0, at + 1), start);
    return isSame ? start + at : start + Math.max(0, (source ?? '').indexOf(wanted.slice(0, 12)));
  }
  const line = String(value).slice(0, at).split('\n').length;
  const lines = text.slice(begin).split('\n').slice(0, line);
  const before = lines.join('\n').length + 1;
  const inLine = text.slice(begin + before).indexOf(wanted.split('\n')[0] ?? '');
  return begin + before + Math.max(0, inLine);
};

const literalsOf = (template: string): ReturnType<typeof literalParts> => {
  try {
    return literalParts(template);
  } catch {
    return []; // invalid Liquid is reported as an error elsewhere
  }
};

const leftovers = (text: string, node: Scalar): Found[] =>
  literalsOf(String(node.value)).flatMap((part) =>
    leftoversIn(part.text).map(({ at, message }) => ({
      offset: offsetOf(text, node, part.at + at),
      message,
    })),
  );

/**
 * Valid parts of a feeds.yml that are probably mistakes: a `#word` after a text, which YAML takes for a comment, and
 * placeholders of other programs in a caption, which Liquid does not replace (`\n` in single quotes, `{title}`). In
 * file order, each once per setting.
 */
export const configWarnings = (written: string | Uint8Array): ConfigFault[] => {
  const text = typeof written === 'string' ? written : new TextDecoder('utf-8').decode(written);
  const lines = new LineCounter();
  const warnings = writtenIn(text, lines).flatMap((one) => {
    const { node, path } = one;
    const comment = isBelow(textSettings, one) ? swallowed(text, node) : null;
    const left =
      isBelow(templateSettings, one) && typeof node.value === 'string' ? leftovers(text, node) : [];
    return [...(comment ? [comment] : []), ...left].map((found) => ({ ...found, path: path.join('.') }));
  });
  const first = new Map(warnings.toReversed().map((one) => [`${one.path} ${one.message}`, one]));
  return [...first.values()]
    .sort((a, b) => a.offset - b.offset)
    .map(({ offset, path, message }) => {
      const { line, col } = lines.linePos(offset);
      return { line, column: col, path, message };
    });
};
