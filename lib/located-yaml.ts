import { LineCounter, parseDocument, type YAMLError } from 'yaml';
import { deepest, type Path, readYamlValues, type YamlValues } from './yaml-values.ts';

/** 1-based, as in editors. */
export type Position = { line: number; column: number };
type YamlFault = Position & { message: string };

export type LocatedYaml = {
  value: unknown;
  /** Errors in the YAML itself. */
  faults: YamlFault[];
  /** False if the YAML is so broken that its value should not be checked. */
  readable: boolean;
  /**
   * The position of the value at a path, also if it comes from an alias or a merge key; otherwise of the nearest
   * ancestor.
   */
  positionOf: (path: Path, part: 'key' | 'value') => Position;
  /** The position in the file of a line and column in a block text (after `|`); null for a text in another style. */
  positionWithin: (path: Path, inText: Position) => Position | null;
};

/** Errors after which the rest of the file is readable. */
const mild = new Set(['DUPLICATE_KEY', 'TAG_RESOLVE_FAILED']);

/** Plain wording for some of the parser's messages. */
const inWords: Record<string, string> = {
  DUPLICATE_KEY: 'this name appears twice: keep one of them',
  TAB_AS_INDENT: 'this line is indented with a tab: use spaces',
  RESOURCE_EXHAUSTION: `this is nested more than ${deepest} deep`,
  MULTIPLE_DOCS: 'a second document begins here (---): keep one document per file',
};

const indentation =
  'check the indentation of this line and the lines around it, and put texts with a colon in quotes';
const remedies: Record<string, string> = {
  BAD_INDENT: indentation,
  BLOCK_AS_IMPLICIT_KEY: indentation,
  MULTILINE_IMPLICIT_KEY: indentation,
  MISSING_CHAR: 'add the missing colon, quote or bracket',
  BAD_SCALAR_START: 'put the value in quotes',
  TAG_RESOLVE_FAILED: 'remove the tag',
};
const usualRemedy = 'check the colons, quotes, brackets and indentation here';

const messageOf = ({ code, message }: YAMLError): string =>
  inWords[code] ?? `this is not valid YAML: ${message}: ${remedies[code] ?? usualRemedy}`;

/** Errors that only follow from another one. */
const echoes = new Set(['UNEXPECTED_TOKEN', 'RESOURCE_EXHAUSTION']);

const nothing: YamlValues = { value: null, placeOf: () => undefined, endless: true };

/** The indentation of a literal block; null if no such block begins at the offset. */
const blockIndent = (text: string, offset: number): number | null => {
  if (text[offset] !== '|') return null;
  const end = text.indexOf('\n', offset);
  const first = /^(?: *\n)*( *)\S/.exec(end < 0 ? '' : text.slice(end + 1));
  return first?.[1]?.length ?? null;
};

/** Reads one YAML 1.2 document with anchors and merge keys, as Compose does. Never throws; errors are in `faults`. */
export const readLocatedYaml = (text: string): LocatedYaml => {
  const lines = new LineCounter();
  const found = new Map<string, YamlFault>();
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const fault = (offset: number, message: string) =>
    found.set(`${offset} ${message}`, { ...position(offset), message });

  const document = parseDocument(text, { merge: true, lineCounter: lines, prettyErrors: false });
  const broken = [...document.errors, ...document.warnings];
  const shown = broken.filter(({ code }, i) => i === 0 || !echoes.has(code));
  for (const error of shown) fault(error.pos[0], messageOf(error));
  const sound = broken.every(({ code }) => mild.has(code));
  const { value, placeOf, endless } = sound ? readYamlValues(document, fault) : nothing;

  const positionOf = (path: Path, part: 'key' | 'value'): Position => {
    const place = placeOf(path);
    if (place) return position(place[part]);
    return path.length === 0 ? { line: 1, column: 1 } : positionOf(path.slice(0, -1), 'key');
  };
  const positionWithin = (path: Path, inText: Position): Position | null => {
    const offset = placeOf(path)?.value ?? -1;
    const indent = blockIndent(text, offset);
    if (indent === null) return null;
    return { line: position(offset).line + inText.line, column: indent + inText.column };
  };
  return { value, faults: [...found.values()], readable: !endless, positionOf, positionWithin };
};
