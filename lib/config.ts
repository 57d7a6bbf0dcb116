import * as v from 'valibot';
import { placeIn } from './core/captions/place-in-template.ts';
import type { Config } from './core/config/config.ts';
import { feedsFileSchema } from './core/config/file/feeds-file.ts';
import { resolveFeeds } from './core/config/resolve-feeds.ts';
import { misconfigured } from './core/errors.ts';
import { type LocatedYaml, type Position, readLocatedYaml } from './located-yaml.ts';
import { sources } from './webhooks/sources.ts';
import type { Path } from './yaml-values.ts';

/** feeds.yml, with webhooks from every source of lib/webhooks. */
export const FeedsFile = feedsFileSchema(sources);

/** One error in a configuration file, with its position. */
export type ConfigFault = Position & {
  /** Dotted path of the setting; empty for the file as a whole. */
  path: string;
  message: string;
};

const refuse = (fileName: string, faults: ConfigFault[]): never => {
  const lines = faults
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
    .map(
      ({ line, column, path, message }) => `  ${fileName}:${line}:${column} ${path && `${path} `}${message}`,
    );
  const count = faults.length === 1 ? '1 error' : `${faults.length} errors`;
  throw misconfigured('config.invalid', `${fileName} has ${count}:\n${lines.join('\n')}`, {
    details: { faults },
  });
};

const wholeFile = (message: string): ConfigFault => ({ line: 1, column: 1, path: '', message });

const decode = (written: string | Uint8Array, fileName: string): string => {
  const text = typeof written === 'string' ? written : new TextDecoder('utf-8').decode(written);
  // A file in another encoding, decoded as UTF-8, contains replacement characters (Latin-1) or zeros (UTF-16).
  const at = text.search(/[\uFFFD\0]/);
  if (at < 0) return text;
  const before = text.slice(0, at).split('\n');
  const position = { line: before.length, column: Number(before.at(-1)?.length) + 1 };
  return refuse(fileName, [
    { ...position, path: '', message: 'the file is not UTF-8 text: save it as UTF-8' },
  ]);
};

const faultsOf = (issues: v.BaseIssue<unknown>[], yaml: LocatedYaml): ConfigFault[] =>
  issues.map((issue) => {
    const path: Path = (issue.path ?? []).map(({ key }) => key as string | number);
    const part = issue.path?.at(-1)?.origin === 'key' ? 'key' : 'value';
    const place = placeIn(issue.message);
    const position = (place && yaml.positionWithin(path, place)) ?? yaml.positionOf(path, part);
    return { ...position, path: path.join('.'), message: issue.message };
  });

/** Reports an error that an anchor repeats only once, at the first setting that uses it. */
const withoutRepeats = (faults: ConfigFault[]): ConfigFault[] => {
  const byPlace = Map.groupBy(faults, ({ line, column, message }) => `${line}:${column} ${message}`);
  return [...byPlace.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const paths = new Set(others.map(({ path }) => path)).add(first.path).size;
    return { ...first, path: paths > 1 ? `${first.path} (and ${paths - 1} more)` : first.path };
  });
};

const emptyMessage = 'the file is empty: add feeds:, and below it the ID of a feed with its url';

/**
 * Reads feeds.yml. Throws one `config.invalid` with all errors, each with line, column, setting, value and remedy;
 * `details.faults` contains them as `ConfigFault[]`. Messages quote names, templates and short values that cannot be a
 * secret, and only the shape of any other value.
 */
export const readConfig = (written: string | Uint8Array, fileName: string): Config => {
  const text = decode(written, fileName);
  const yaml = readLocatedYaml(text);
  const broken = yaml.faults.map((fault) => ({ ...fault, path: '' }));
  if (!yaml.readable) return refuse(fileName, broken);
  if (yaml.value === null && broken.length === 0) return refuse(fileName, [wholeFile(emptyMessage)]);

  const parsed = v.safeParse(FeedsFile, yaml.value);
  const faults = [...broken, ...withoutRepeats(faultsOf(parsed.issues ?? [], yaml))];
  return parsed.success && faults.length === 0 ? resolveFeeds(parsed.output) : refuse(fileName, faults);
};
