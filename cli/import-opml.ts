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
import { type Answer, act, type Cli, examples, wrongUsage } from './verb.ts';

type Options = { brand?: number; dryRun?: boolean };

/** `import-opml FILE`: adds the feeds of a reader's list to feeds.yml. */
export const importOpmlCommand = (cli: Cli): Command =>
  new Command('import-opml')
    .description('add the feeds of an OPML list, as feed readers export it, to feeds.yml')
    .argument('<file>', 'the list; - reads standard input')
    .addOption(
      new Option('--brand <id>', 'their brand in Dash Social (default: that of defaults)').argParser(id),
    )
    .option('--dry-run', 'only list what would be added')
    .addHelpText(
      'after',
      `
Adds to the file of --config, else to feeds.yml, and changes nothing else in it. Feeds that are there already are left out.
${examples('import-opml feeds.opml', 'import-opml feeds.opml --brand 144 --dry-run', 'import-opml - < feeds.opml')}`,
    )
    .action(
      act<Options>(cli, async ({ args, options, terminal }) => {
        const file = options.config ?? 'feeds.yml';
        const list = readList(await readSource(args[0] ?? '', terminal), args[0] ?? '');
        const text = readIfThere(file);
        if (text === null)
          throw wrongUsage('no-feeds-file', `${file} is not there: write it with init --opml ${args[0]}`);
        if (options.brand === undefined && !hasBrand(text))
          throw wrongUsage('wants-brand', `the defaults of ${file} name no brand_id: say --brand`);
        const { feeds: ids } = readConfig(text, file);
        const known = { ids: ids.map((feed) => feed.id), urls: ids.map(({ url }) => url) };
        const listed = listFeeds(list, known, options.brand);
        if (!options.dryRun && listed.feeds.length > 0) writeAtomically(file, withFeeds(text, listed, file));
        return answerOf(file, listed, { dryRun: options.dryRun === true, where: whereOf(options) });
      }),
    );

/** A list that is named, or is piped in. */
export const readSource = async (name: string, { readInput }: Terminal): Promise<string> => {
  if (name === '-') return readInput();
  try {
    return readFileSync(name, 'utf8');
  } catch (cause) {
    throw permanent('file.unreadable', `the file ${name} cannot be read`, { cause });
  }
};

const hasBrand = (text: string): boolean => {
  const document = parseDocument(text, { merge: true });
  return [
    ['defaults', 'brand_id'],
    ['defaults', 'post', 'brand_id'],
  ].some((path) => document.hasIn(path));
};

/** Throws config `config.invalid` sooner than write a file with a fault. */
const withFeeds = (text: string, { feeds }: Listed, file: string): string => {
  const added = addFeeds(text, feeds);
  if (added === null)
    throw wrongUsage(
      'feeds-in-braces',
      `the feeds of ${file} are not written line by line: add them by hand, --dry-run lists them`,
    );
  readConfig(added, file);
  return added;
};

const answerOf = (
  file: string,
  { feeds, skipped }: Listed,
  { dryRun, where }: { dryRun: boolean; where: Where },
): Answer => ({
  json: { file, dryRun, added: feeds.map(({ id: name, url, title }) => ({ id: name, url, title })), skipped },
  lines: (page) => [
    ...addedTable(page, { feeds, skipped }),
    ...privateWords(page, feeds),
    `${feeds.length} ${feeds.length === 1 ? 'feed' : 'feeds'} ${dryRun ? `would be added to ${plain(file)}; nothing was written` : `added to ${plain(file)}`}${
      skipped.length === 0 ? '' : `, ${skipped.length} left out`
    }.`,
    ...(dryRun || feeds.length === 0
      ? []
      : [`See what will become of them: ${page.paint('cyan', toType('plan', where))}`]),
  ],
});

/** What was added, and what was not and why. */
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
      ...skipped.map(({ url, why }): Cell[] => [{ text: 'left out', style: 'yellow' }, '–', url, why]),
    ],
  );

/** A list may be anybody's: what it names is held to the net until a person says otherwise. */
export const privateWords = (page: Page, feeds: Listed['feeds']): string[] => {
  const names = feeds
    .filter(({ url, allowPrivate }) => !allowPrivate && looksPrivate(url))
    .map(({ id: name }) => name);
  if (names.length === 0) return [];
  return [
    page.paint(
      'yellow',
      `At a private address, where a list may not lead: ${names.join(', ')}. If that is your own network, write allow_private: true below ${names.length === 1 ? 'it' : 'each'}.`,
    ),
  ];
};
