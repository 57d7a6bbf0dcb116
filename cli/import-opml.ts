import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { parseDocument } from 'yaml';
import { readConfig } from '../lib/config.ts';
import { permanent } from '../lib/core/errors.ts';
import { toType, type Where } from '../lib/core/operator/cli-hints.ts';
import { readIfThere, writeAtomically } from '../local/atomic-file.ts';
import { plain } from '../local/plain-text.ts';
import { addFeeds } from './feeds-yaml.ts';
import { type Listed, listFeeds, looksPrivate, readList } from './listed-feeds.ts';
import type { Cell, Page } from './page.ts';
import { id } from './parse-number.ts';
import { whereOf } from './target.ts';
import type { Terminal } from './terminal.ts';
import { act, type Cli, examples, type Result, wrongUsage } from './verb.ts';

type Options = { brand?: number; dryRun?: boolean };

/** `import-opml FILE`: adds the feeds of a reader's list to feeds.yml. */
export const importOpmlCommand = (cli: Cli): Command =>
  new Command('import-opml')
    .description('add the feeds of an OPML list, exported from a feed reader, to feeds.yml')
    .argument('<file>', 'the list; - reads standard input')
    .addOption(
      new Option('--brand <id>', 'their brand in Dash Social (default: brand_id in defaults)').argParser(id),
    )
    .option('--dry-run', 'list what would be added, without adding it')
    .addHelpText(
      'after',
      `
Adds to --config, else to feeds.yml, and changes nothing else in it. Feeds that are already in it are skipped.
${examples('import-opml feeds.opml', 'import-opml feeds.opml --brand 144 --dry-run', 'import-opml - < feeds.opml')}`,
    )
    .action(
      act<Options>(cli, async ({ args, options, terminal }) => {
        const file = options.config ?? 'feeds.yml';
        const list = readList(await readSource(args[0] ?? '', terminal), args[0] ?? '');
        const text = readIfThere(file);
        if (text === null)
          throw wrongUsage('no-feeds-file', `${file} does not exist. Create it with init --opml ${args[0]}.`);
        if (options.brand === undefined && !hasBrand(text))
          throw wrongUsage(
            'needs-brand',
            `${file} has no brand_id in defaults. Name the brand with --brand.`,
          );
        const { feeds: ids } = readConfig(text, file);
        const known = { ids: ids.map((feed) => feed.id), urls: ids.map(({ url }) => url) };
        const listed = listFeeds(list, known, options.brand);
        if (!options.dryRun && listed.feeds.length > 0) writeAtomically(file, withFeeds(text, listed, file));
        return resultOf(file, listed, { dryRun: options.dryRun === true, where: whereOf(options) });
      }),
    );

/** A list from a file or from standard input. */
export const readSource = async (name: string, { readInput }: Terminal): Promise<string> => {
  if (name === '-') return readInput();
  try {
    return readFileSync(name, 'utf8');
  } catch (cause) {
    throw permanent('file.unreadable', `${name} cannot be read. Check the file name.`, { cause });
  }
};

const hasBrand = (text: string): boolean => {
  const document = parseDocument(text, { merge: true });
  return [
    ['defaults', 'brand_id'],
    ['defaults', 'post', 'brand_id'],
  ].some((path) => document.hasIn(path));
};

/** Throws config `config.invalid` rather than write an invalid file. */
const withFeeds = (text: string, { feeds }: Listed, file: string): string => {
  const added = addFeeds(text, feeds);
  if (added === null)
    throw wrongUsage(
      'feeds-in-braces',
      `The feeds in ${file} are not written one per line, so none can be added. List them with --dry-run, and add them by hand.`,
    );
  readConfig(added, file);
  return added;
};

const resultOf = (
  file: string,
  { feeds, skipped }: Listed,
  { dryRun, where }: { dryRun: boolean; where: Where },
): Result => ({
  json: { file, dryRun, added: feeds.map(({ id: name, url, title }) => ({ id: name, url, title })), skipped },
  lines: (page) => [
    ...addedTable(page, { feeds, skipped }),
    ...privateNotes(page, feeds),
    `${feeds.length} ${feeds.length === 1 ? 'feed' : 'feeds'} ${dryRun ? `would be added to ${plain(file)}; nothing was written` : `added to ${plain(file)}`}${
      skipped.length === 0 ? '' : `, ${skipped.length} skipped`
    }.`,
    ...(dryRun || feeds.length === 0
      ? []
      : [`See what the next poll will do: ${page.paint('cyan', toType('plan', where))}`]),
  ],
});

/** What was added, and what was skipped and why. */
export const addedTable = (page: Page, { feeds, skipped }: Listed): string[] =>
  page.table(
    ['', 'feed', 'address', ''],
    [
      ...feeds.map(({ id: name, url, title }): Cell[] => [
        { text: 'added', style: 'green' },
        name,
        url,
        title ?? '',
      ]),
      ...skipped.map(({ url, reason }): Cell[] => [{ text: 'skipped', style: 'yellow' }, '–', url, reason]),
    ],
  );

/** A list may come from others, so private addresses in it need the user's consent. */
export const privateNotes = (page: Page, feeds: Listed['feeds']): string[] => {
  const names = feeds
    .filter(({ url, allowPrivate }) => !allowPrivate && looksPrivate(url))
    .map(({ id: name }) => name);
  if (names.length === 0) return [];
  return [
    page.paint(
      'yellow',
      `Private address: ${names.join(', ')}. If it is in your network, set allow_private: true on ${names.length === 1 ? 'this feed' : 'these feeds'}.`,
    ),
  ];
};
