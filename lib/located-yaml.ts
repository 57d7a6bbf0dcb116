import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';

/** 1-based, as editors count. */
export type Position = { line: number; column: number };
export type YamlFault = Position & { message: string };
export type Path = readonly (string | number)[];

export type LocatedYaml = {
  value: unknown;
  /** What YAML itself finds wrong. */
  faults: YamlFault[];
  /** False when the value is only a guess at broken YAML, and not worth judging. */
  readable: boolean;
  /** Where the value at a path is written, also when an alias or a merge key brought it there; else the nearest above. */
  positionOf: (path: Path, part: 'key' | 'value') => Position;
};

/** Offsets in the text. */
type Place = { key: number; value: number };
type Reading = {
  targets: Map<Alias, Node>;
  places: Map<string, Place>;
  fault: (offset: number, message: string) => void;
  values: number;
  endless: boolean;
};

/** Aliases of aliases: ten lines can stand for billions of values. */
const mostValues = 150_000;
const deepest = 50;

/** Faults that leave the rest of the file readable. */
const mild = new Set(['DUPLICATE_KEY', 'TAG_RESOLVE_FAILED']);

/** The parser's messages that need saying in other words. */
const inWords: Record<string, string> = {
  DUPLICATE_KEY: 'this name stands here a second time: keep one of them',
  TAB_AS_INDENT: 'a tab indents this line: YAML takes spaces only',
  MULTIPLE_DOCS: 'a second document begins with this ---: keep one document a file',
};

const messageOf = ({ code, message }: YAMLError): string => inWords[code] ?? `this is not YAML: ${message}`;

/** Valibot drops these keys from a map without a word. */
const reserved = new Set(['__proto__', 'constructor', 'prototype']);

const offsetOf = (node: unknown): number => (node as { range?: [number] | null } | null)?.range?.[0] ?? 0;

const placeName = (path: Path): string => path.join('\n');

const keyText = (key: unknown): string | null => {
  if (!isScalar(key) || key.value === null) return null;
  return key.type === 'PLAIN' && key.source !== undefined ? key.source : String(key.value);
};

const isMergeKey = (key: unknown): boolean => isScalar(key) && typeof key.value === 'symbol';

/** Once lost, the parser stumbles over each token that follows. */
const isNoEcho = ({ code }: YAMLError, i: number): boolean => i === 0 || code !== 'UNEXPECTED_TOKEN';

/** What each alias stands for: the last anchor of its name above it. In one pass, as the library looks through all of the file for each. */
const targetsOf = (document: Document): Map<Alias, Node> => {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Node: (_key, node) => {
      const target = isAlias(node) ? anchors.get(node.source) : undefined;
      if (isAlias(node)) target && targets.set(node, target);
      else if (node.anchor) anchors.set(node.anchor, node);
    },
  });
  return targets;
};

/** The node itself, or what it is an alias of; null, and a fault, when there is no such anchor. */
const resolve = (reading: Reading, node: unknown): unknown => {
  if (!isAlias(node)) return node;
  const target = reading.targets.get(node);
  if (target === undefined)
    reading.fault(offsetOf(node), `there is no anchor &${node.source} above this alias`);
  return target ?? null;
};

/** The maps that a merge key brings; the first has precedence over the next. */
const mergedMaps = (reading: Reading, node: unknown): unknown[] => {
  const target = resolve(reading, node);
  const sources = isSeq(target) ? target.items.map((item) => resolve(reading, item)) : [target];
  const maps = sources.filter(isMap);
  if (maps.length < sources.length)
    reading.fault(offsetOf(node), 'a merge key << takes a map, or a list of maps');
  return maps;
};

/** Counts one more step; false, and one fault, when the file expands without end. */
const within = (reading: Reading, node: unknown, depth: number): boolean => {
  reading.values += 1;
  if (!reading.endless && depth > deepest) {
    reading.fault(offsetOf(node), `this is nested more than ${deepest} deep, or is an alias of itself`);
  }
  if (!reading.endless && reading.values > mostValues) {
    reading.fault(0, `the aliases of this file stand for more than ${mostValues} values: use fewer`);
  }
  reading.endless ||= depth > deepest || reading.values > mostValues;
  return !reading.endless;
};

type Pairs = Map<string, { key: number; node: unknown }>;

/** The pairs of a map by name: its own, then what its merge keys bring and it does not have. */
const pairsOf = (reading: Reading, map: unknown, depth: number): Pairs => {
  const pairs: Pairs = new Map();
  if (!isMap(map) || !within(reading, map, depth)) return pairs;
  for (const { key, value } of map.items) {
    const name = keyText(key);
    if (isMergeKey(key)) continue;
    if (name === null) reading.fault(offsetOf(key), 'a name must be a word: write it without brackets');
    else if (reserved.has(name)) reading.fault(offsetOf(key), 'this name cannot be used: choose another');
    else pairs.set(name, { key: offsetOf(key), node: value });
  }
  const merges = map.items
    .filter(({ key }) => isMergeKey(key))
    .flatMap(({ value }) => mergedMaps(reading, value));
  for (const [name, pair] of merges.flatMap((merged) => [...pairsOf(reading, merged, depth + 1)])) {
    if (!pairs.has(name)) pairs.set(name, pair);
  }
  return pairs;
};

const read = (reading: Reading, written: unknown, path: Path, key: number): unknown => {
  const node = resolve(reading, written);
  if (!within(reading, node, path.length)) return null;
  // A map is told of by its name: it begins at its first key, often a line below.
  reading.places.set(placeName(path), { key, value: isScalar(node) || isSeq(node) ? offsetOf(node) : key });
  if (isMap(node)) {
    const pairs = [...pairsOf(reading, node, path.length)];
    return Object.fromEntries(
      pairs.map(([name, pair]) => [name, read(reading, pair.node, [...path, name], pair.key)]),
    );
  }
  if (isSeq(node)) return node.items.map((item, i) => read(reading, item, [...path, i], offsetOf(item)));
  return isScalar(node) ? node.value : null;
};

/** Parses, and tells a stack that overflowed on thousands of brackets from a bug. */
const parse = (text: string, lines: LineCounter): Document | null => {
  try {
    return parseDocument(text, { merge: true, lineCounter: lines, prettyErrors: false });
  } catch (fault) {
    if (fault instanceof RangeError) return null;
    throw fault;
  }
};

/**
 * Reads YAML 1.2 with anchors, merge keys and one document a file, as Compose does. Never throws: what is wrong is
 * in `faults`. Aliases may repeat a value as often as the author likes, but not without end.
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

  const document = parse(text, lines);
  if (!document) fault(0, `this is nested more than ${deepest} deep`);
  const broken = [...(document?.errors ?? []), ...(document?.warnings ?? [])];
  for (const error of broken.filter(isNoEcho)) fault(error.pos[0], messageOf(error));
  const places = new Map<string, Place>();
  const sound = document !== null && broken.every(({ code }) => mild.has(code));
  const reading: Reading = {
    targets: sound ? targetsOf(document) : new Map(),
    places,
    fault,
    values: 0,
    endless: false,
  };
  const value = sound ? read(reading, document.contents, [], 0) : null;
  const positionOf = (path: Path, part: 'key' | 'value'): Position => {
    const place = places.get(placeName(path));
    if (place) return position(place[part]);
    return path.length === 0 ? { line: 1, column: 1 } : positionOf(path.slice(0, -1), 'key');
  };
  return { value, faults: [...found.values()], readable: sound && !reading.endless, positionOf };
};
