import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Node, visit } from 'yaml';

export type Path = readonly (string | number)[];

/** The offsets in the text at which a value and its name begin. */
type Place = { key: number; value: number };

/** Receives an error and its offset in the text. */
type ReportFault = (offset: number, message: string) => void;

export type YamlValues = {
  value: unknown;
  placeOf: (path: Path) => Place | undefined;
  /** The aliases expand too far, so reading was stopped. */
  endless: boolean;
};

type Reading = {
  targets: Map<Alias, Node>;
  places: Map<string, Place>;
  fault: ReportFault;
  values: number;
  endless: boolean;
};

/** Nested aliases can expand ten lines to billions of values. */
const maxValues = 150_000;
export const deepest = 50;

/** Valibot silently drops these keys from a map. */
const reserved = new Set(['__proto__', 'constructor', 'prototype']);

const offsetOf = (node: unknown): number => (node as { range?: [number] | null } | null)?.range?.[0] ?? 0;

const placeName = (path: Path): string => path.join('\n');

const keyText = (key: unknown): string | null => {
  if (!isScalar(key) || key.value === null) return null;
  return key.type === 'PLAIN' && key.source !== undefined ? key.source : String(key.value);
};

const isMergeKey = (key: unknown): boolean => isScalar(key) && typeof key.value === 'symbol';

/**
 * The target of each alias: the last anchor of its name above it. Found in one pass, because the library searches the
 * whole file for each alias.
 */
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

/** The node itself, or the target of an alias; null, with an error, if there is no such anchor. */
const resolve = (reading: Reading, node: unknown): unknown => {
  if (!isAlias(node)) return node;
  const target = reading.targets.get(node);
  if (target === undefined)
    reading.fault(offsetOf(node), `there is no anchor &${node.source} above this alias`);
  return target ?? null;
};

/** The maps of a merge key; earlier ones take precedence. */
const mergedMaps = (reading: Reading, node: unknown): unknown[] => {
  const target = resolve(reading, node);
  const sources = isSeq(target) ? target.items.map((item) => resolve(reading, item)) : [target];
  const maps = sources.filter(isMap);
  if (maps.length < sources.length)
    reading.fault(offsetOf(node), 'a merge key << takes a map, or a list of maps');
  return maps;
};

/** Counts one more value; false, with one error, if the file expands too far. */
const within = (reading: Reading, node: unknown, depth: number): boolean => {
  reading.values += 1;
  if (!reading.endless && depth > deepest) {
    reading.fault(offsetOf(node), `this is nested more than ${deepest} deep, or is an alias of itself`);
  }
  if (!reading.endless && reading.values > maxValues) {
    reading.fault(0, `the aliases of this file expand to more than ${maxValues} values: use fewer`);
  }
  reading.endless ||= depth > deepest || reading.values > maxValues;
  return !reading.endless;
};

type Pairs = Map<string, { key: number; node: unknown }>;

/** The pairs of a map by name: its own, then those of its merge keys that it does not have. */
const pairsOf = (reading: Reading, map: unknown, depth: number): Pairs => {
  const pairs: Pairs = new Map();
  if (!isMap(map) || !within(reading, map, depth)) return pairs;
  for (const { key, value } of map.items) {
    const name = keyText(key);
    if (isMergeKey(key)) continue;
    if (name === null) reading.fault(offsetOf(key), 'a name must be plain text: write it without brackets');
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
  // Errors about a map are reported at its name, because the map itself often begins a line below.
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

/**
 * Turns a document's nodes into plain values, and records where each is written, also if it comes from an alias or a
 * merge key. Aliases may repeat values, up to a limit.
 *
 * The library's own `toJS()` and ranges are not sufficient: its values have no nodes, `getIn()` does not follow aliases
 * and merge keys, and it searches the whole file for the anchor of each alias.
 */
export const readYamlValues = (document: Document, fault: ReportFault): YamlValues => {
  const places = new Map<string, Place>();
  const reading: Reading = { targets: targetsOf(document), places, fault, values: 0, endless: false };
  const value = read(reading, document.contents, [], 0);
  return { value, placeOf: (path) => places.get(placeName(path)), endless: reading.endless };
};
