import { LineCounter, parseDocument, type YAMLError } from 'yaml';
import { deepest, type Path, readYamlValues, type YamlValues } from './yaml-values.ts';

/** 1-based, as editors count. */
export type Position = { line: number; column: number };
type YamlFault = Position & { message: string };

export type LocatedYaml = {
  value: unknown;
  /** What YAML itself finds wrong. */
  faults: YamlFault[];
  /** False when the value is only a guess at broken YAML, and not worth judging. */
  readable: boolean;
  /** Where the value at a path is written, also when an alias or a merge key brought it there; else the nearest above. */
  positionOf: (path: Path, part: 'key' | 'value') => Position;
  /** Where a line and column of a text in a block (after `|`) are in the file; null for a text written otherwise. */
  positionWithin: (path: Path, inText: Position) => Position | null;
};

/** Faults that leave the rest of the file readable. */
const mild = new Set(['DUPLICATE_KEY', 'TAG_RESOLVE_FAILED']);

/** The parser's messages that need saying in other words. */
const inWords: Record<string, string> = {
  DUPLICATE_KEY: 'this name appears twice: keep one of them',
  TAB_AS_INDENT: 'this line is indented with a tab: use spaces',
  RESOURCE_EXHAUSTION: `this is nested more than ${deepest} deep`,
  MULTIPLE_DOCS: 'a second document begins here (---): keep one document per file',
};

const indentation =
  'compare how this line and those around it are indented; a text with a colon goes in quotes';
const remedies: Record<string, string> = {
  BAD_INDENT: indentation,
  BLOCK_AS_IMPLICIT_KEY: indentation,
  MULTILINE_IMPLICIT_KEY: indentation,
  MISSING_CHAR: 'write the colon, quote or bracket that is missing',
  BAD_SCALAR_START: 'put the value in quotes',
  TAG_RESOLVE_FAILED: 'remove the tag',
};
const usualRemedy = 'look for a colon, quote, bracket or indentation that is wrong here';

const messageOf = ({ code, message }: YAMLError): string =>
  inWords[code] ?? `this is not YAML: ${message}: ${remedies[code] ?? usualRemedy}`;

/** What follows from another fault: once lost, the parser stumbles over each token. */
const echoes = new Set(['UNEXPECTED_TOKEN', 'RESOURCE_EXHAUSTION']);

const nothing: YamlValues = { value: null, placeOf: () => undefined, endless: true };

/** By how much the lines of a literal block are indented; null when no such block begins at the offset. */
const blockIndent = (text: string, offset: number): number | null => {
  if (text[offset] !== '|') return null;
  const end = text.indexOf('\n', offset);
  const first = /^(?: *\n)*( *)\S/.exec(end < 0 ? '' : text.slice(end + 1));
  return first?.[1]?.length ?? null;
};

/**
 * Reads one document of YAML 1.2 with anchors and merge keys, as Compose does. Never throws: what is wrong is in
 * `faults`.
 */
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
