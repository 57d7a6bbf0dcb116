import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command, Option } from 'commander';
import * as v from 'valibot';
import { readConfig } from '../lib/config.ts';
import { timezone } from '../lib/core/config/file/config-schema.ts';
import { AppError } from '../lib/core/errors.ts';
import { toStart, toType, type Where } from '../lib/core/operator/cli-hints.ts';
import { readIfThere, writeAtomically } from '../local/atomic-file.ts';
import { plain } from '../local/plain-text.ts';
import { feedIdFor } from './feed-id.ts';
import { type Disclosure, disclosures, type NewFeed, newFeedsFile } from './feeds-yaml.ts';
import { type FoundFeed, findFeed } from './find-feed.ts';
import { addedTable, privateWords, readSource } from './import-opml.ts';
import { type Listed, listFeeds, readList } from './listed-feeds.ts';
import type { Page } from './page.ts';
import { id } from './parse-number.ts';
import { whereOf } from './target.ts';
import type { Terminal } from './terminal.ts';
import { type Answer, act, type Cli, examples, type VerbInput, wrongUsage } from './verb.ts';
import { feedReader } from './view.ts';

type Options = {
  url?: string[];
  opml?: string;
  brand?: number;
  timezone?: string;
  disclosure?: Disclosure;
  force?: boolean;
};

/** `init`: writes a feeds.yml with everything explained, by asking, or from addresses or a list. */
export const initCommand = (cli: Cli): Command =>
  new Command('init')
    .description('write a commented feeds.yml, by asking a few questions or from --url or --opml')
    .option('--url <url...>', 'addresses of feeds, or of pages whose feed is to be found')
    .option('--opml <file>', 'a list of feeds, as feed readers export it; - reads standard input')
    .addOption(new Option('--brand <id>', 'the brand in Dash Social that gets the drafts').argParser(id))
    .option('--timezone <name>', 'the clock of your team, as Europe/Berlin (default: that of this machine)')
    .addOption(
      new Option(
        '--disclosure <what>',
        'what the posts promote: your own brand, another, or nothing',
      ).choices(disclosures),
    )
    .option('--force', 'write over a file that has feeds')
    .addHelpText(
      'after',
      `
Writes the file of --config, else feeds.yml. Asks only for what is not said, and only a person on a terminal.
${examples('init', 'init --url www.example.com --brand 144', 'init --opml feeds.opml --brand 144 --timezone Europe/Berlin')}`,
    )
    .action(
      act<Options>(cli, async (call) => {
        const { options, terminal } = call;
        const file = options.config ?? 'feeds.yml';
        refuseOverwrite(file, options);
        const given = await feedsFor(call);
        const brandId = options.brand ?? (await askBrand(terminal));
        const zone = await timezoneFor(options, terminal);
        const text = newFeedsFile({
          feeds: given.listed.feeds,
          brandId,
          timezone: zone,
          disclosure: options.disclosure ?? (await askDisclosure(terminal)),
          hasSchema: existsSync(join(dirname(file), 'feeds.schema.json')),
        });
        readConfig(text, file); // sooner than write a file with a fault
        writeAtomically(file, text, { mode: 0o666 });
        return answerOf(file, given, whereOf(options));
      }),
    );

/** The file that comes with the program has no feed yet; one that has is somebody's work. */
const refuseOverwrite = (file: string, { force }: Options): void => {
  const text = force ? null : readIfThere(file);
  if (text === null || isEmpty(text, file)) return;
  throw wrongUsage(
    'file-is-there',
    `${file} is there and has feeds: --force writes over it, import-opml adds to it`,
  );
};

const isEmpty = (text: string, file: string): boolean => {
  try {
    const { feeds, webhooks } = readConfig(text, file);
    return feeds.length + webhooks.length === 0;
  } catch (error) {
    if (error instanceof AppError) return text.trim() === '';
    throw error;
  }
};

type Given = { listed: Listed; found: (FoundFeed & { id: string })[] };

const feedsFor = async (call: VerbInput<Options>): Promise<Given> => {
  const { url = [], opml } = call.options;
  const urls = url.length > 0 || opml !== undefined ? url : await askUrls(call.terminal);
  const found = await findAll(call, urls);
  const feeds = found.map(({ id: name, ...one }): NewFeed => ({ id: name, ...one }));
  const taken = { ids: feeds.map((feed) => feed.id), urls: feeds.map((feed) => feed.url) };
  const more =
    opml === undefined
      ? { feeds: [], skipped: [] }
      : listFeeds(readList(await readSource(opml, call.terminal), opml), taken);
  return { listed: { feeds: [...feeds, ...more.feeds], skipped: more.skipped }, found };
};

const findAll = async (
  { progress, terminal }: VerbInput<Options>,
  urls: string[],
): Promise<Given['found']> => {
  const reader = feedReader({ clock: terminal.clock });
  const byUrl = new Map<string, FoundFeed & { id: string }>();
  for (const url of urls) {
    const found = await progress(`looking for the feed of ${url}`, () => findFeed(reader, url));
    const taken = new Set([...byUrl.values()].map((one) => one.id));
    if (!byUrl.has(found.url)) byUrl.set(found.url, { ...found, id: feedIdFor(found, taken) });
  }
  return [...byUrl.values()];
};

const askUrls = async ({ ask }: Terminal): Promise<string[]> => {
  const urls: string[] = [];
  for (;;) {
    const question = urls.length === 0 ? 'Address of your site or feed: ' : 'One more (Enter: no): ';
    const said = await ask(question);
    if (said === null || (said.trim() === '' && urls.length === 0))
      throw wrongUsage(
        'wants-url',
        'say which feeds: --url takes addresses of feeds or pages, --opml a list',
      );
    if (said.trim() === '') return urls;
    urls.push(said.trim());
  }
};

const askBrand = async ({ ask }: Terminal): Promise<number> => {
  const said = await ask('Id of your brand in Dash Social (a number): ');
  if (said !== null && /^\d{1,15}$/.test(said.trim())) return Number(said);
  throw wrongUsage(
    'wants-brand',
    'say which brand in Dash Social gets the drafts: --brand takes its id, a number',
  );
};

const timezoneFor = async ({ timezone: given }: Options, terminal: Terminal): Promise<string> => {
  const name = given ?? (await askTimezone(terminal));
  if (v.is(timezone, name)) return name;
  throw wrongUsage(
    'no-timezone',
    '--timezone must be the name of a time zone: take one of the IANA list, for example Europe/Berlin',
  );
};

const askTimezone = async ({ ask }: Terminal): Promise<string> => {
  const here = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (await ask(`Time zone of your team [${here}]: `))?.trim() || here;
};

const askDisclosure = async ({ ask }: Terminal): Promise<Disclosure | null> => {
  const question =
    'TikTok wants to know what posts promote. Yours: promoted (your own brand), paid_partnership (another brand), none [decide for each post]: ';
  const said = ((await ask(question)) ?? '').trim();
  const meant = disclosures.find((one) => one === said);
  if (said === '' || meant !== undefined) return meant ?? null;
  throw wrongUsage('no-disclosure', `--disclosure must be one of ${disclosures.join(', ')}`);
};

const answerOf = (file: string, { listed, found }: Given, where: Where): Answer => ({
  json: {
    file,
    feeds: listed.feeds.map(({ id: name, url, title, allowPrivate }) => ({
      id: name,
      url,
      title,
      allowPrivate: allowPrivate ?? false,
      others: found.find((one) => one.url === url)?.others ?? [],
    })),
    skipped: listed.skipped,
  },
  lines: (page) => [
    ...addedTable(page, listed),
    ...privateWords(page, listed.feeds),
    ...found.flatMap((one) => foundWords(page, one)),
    `${page.paint('green', '✓')} ${plain(file)} is written. What you may do now:`,
    ...nextSteps(page, listed.feeds[0]?.id ?? '', { ...where, config: file }),
  ],
});

const foundWords = (
  page: Page,
  { id: name, entries, others, allowPrivate }: Given['found'][number],
): string[] => [
  ...(allowPrivate
    ? [page.paint('yellow', `${name} is at a private address, so allow_private: true is written for it`)]
    : []),
  page.paint('dim', `${name} has ${entries} ${entries === 1 ? 'entry' : 'entries'} at the moment`),
  ...(others.length === 0
    ? []
    : [page.paint('yellow', `its page names besides: ${others.map(plain).join(' , ')}`)]),
];

const nextSteps = (page: Page, feed: string, where: Where): string[] => {
  const { config, ...place } = where;
  const usual = config === 'feeds.yml' ? place : where;
  return [
    ['see the posts that would be sent', toType(`preview ${feed}`, usual)],
    ['run it on this machine, against a sandbox', toStart(where)],
    ['be told what is wrong after a change', toType('check', usual)],
  ].map(([what = '', how = '']) => `  ${what.padEnd(42)} ${page.paint('cyan', plain(how))}`);
};
