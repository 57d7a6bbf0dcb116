import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command, Option } from 'commander';
import * as v from 'valibot';
import type { DashBrand } from '../lib/adapters/dash-social/dash-brands.ts';
import { readConfig } from '../lib/config.ts';
import { timezone } from '../lib/core/config/file/config-schema.ts';
import { AppError } from '../lib/core/errors.ts';
import { toStart, toType, type Where } from '../lib/core/operator/cli-hints.ts';
import { readIfThere, writeAtomically } from '../local/atomic-file.ts';
import { plain } from '../local/plain-text.ts';
import { dashAccess, hasToken } from './dash-access.ts';
import { feedIdFor } from './feed-id.ts';
import { type Disclosure, disclosures, type NewFeed, newFeedsFile } from './feeds-yaml.ts';
import { type FoundFeed, findFeed } from './find-feed.ts';
import { brandText } from './format-names.ts';
import { addedTable, privateNotes, readSource } from './import-opml.ts';
import { type Listed, listFeeds, readList } from './listed-feeds.ts';
import type { Page } from './page.ts';
import { id } from './parse-number.ts';
import { whereOf } from './target.ts';
import type { Terminal } from './terminal.ts';
import { act, type Cli, examples, type Result, type VerbInput, wrongUsage } from './verb.ts';
import { feedReader } from './view.ts';

type Options = {
  url?: string[];
  opml?: string;
  brand?: number;
  timezone?: string;
  disclosure?: Disclosure;
  force?: boolean;
};

/** The schema in a checkout, and in the npm package. */
const schemaPlaces = ['feeds.schema.json', 'node_modules/rss-drafts/dist/feeds.schema.json'];

/** `init`: writes a commented feeds.yml from questions, addresses or a list. */
export const initCommand = (cli: Cli): Command =>
  new Command('init')
    .description('create a commented feeds.yml from a few questions, --url or --opml')
    .option('--url <url...>', 'addresses of feeds, or of pages that link to one')
    .option('--opml <file>', 'a list of feeds exported from a feed reader; - reads standard input')
    .addOption(new Option('--brand <id>', 'the brand in Dash Social that gets the drafts').argParser(id))
    .option(
      '--timezone <name>',
      'time zone of your team, such as Europe/Berlin (default: that of this machine)',
    )
    .addOption(
      new Option(
        '--disclosure <what>',
        'what the posts promote: your own brand, another brand, or nothing',
      ).choices(disclosures),
    )
    .option('--force', 'overwrite a file that has feeds')
    .addHelpText(
      'after',
      `
Writes to --config, else to feeds.yml. On a terminal, it asks for everything that the options do not set. With the token
in DASH_SOCIAL_TOKEN, or that of --stage, it lists the brands to choose from.
${examples('init', 'init --url www.example.com --brand 144', 'init --opml feeds.opml --brand 144 --timezone Europe/Berlin')}`,
    )
    .action(
      act<Options>(cli, async (call) => {
        const { options, terminal } = call;
        const file = options.config ?? 'feeds.yml';
        refuseOverwrite(file, options);
        const given = await feedsFor(call);
        const brandId = options.brand ?? (await askBrand(call));
        const zone = await timezoneFor(options, terminal);
        const text = newFeedsFile({
          feeds: given.listed.feeds,
          brandId,
          timezone: zone,
          disclosure: options.disclosure ?? (await askDisclosure(terminal)),
          schema: schemaPlaces.find((place) => existsSync(join(dirname(file), place))) ?? null,
        });
        readConfig(text, file); // never write an invalid file
        writeAtomically(file, text, { mode: 0o666 });
        return resultOf(file, given, whereOf(options));
      }),
    );

/** The file that comes with the program has no feeds; one with feeds is the user's work. */
const refuseOverwrite = (file: string, { force }: Options): void => {
  const text = force ? null : readIfThere(file);
  if (text === null || isEmpty(text, file)) return;
  throw wrongUsage(
    'file-exists',
    `${file} already has feeds. Add to it with import-opml, or overwrite it with --force.`,
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
    const question =
      urls.length === 0 ? 'Address of your site or feed: ' : 'Another one (Enter to continue): ';
    const answer = await ask(question);
    if (answer === null || (answer.trim() === '' && urls.length === 0))
      throw wrongUsage(
        'needs-url',
        'Pass --url with the addresses of feeds or of pages that link to one, or --opml with a list of feeds.',
      );
    if (answer.trim() === '') return urls;
    urls.push(answer.trim());
  }
};

/** The brands that the token may use; none without a token, or if Dash Social does not answer. */
const offeredBrands = async (call: VerbInput<Options>): Promise<DashBrand[]> => {
  if (!hasToken(call)) return [];
  try {
    return await (await dashAccess(call)).brands();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    call.terminal.writeError(`The brands could not be listed: ${plain(error.message)}.\n`);
    return [];
  }
};

const askBrand = async (call: VerbInput<Options>): Promise<number> => {
  const brands = await offeredBrands(call);
  const [only] = brands.length === 1 ? brands : [];
  const offer = brands.length === 0 ? '(a number)' : `(${brands.map(brandText).join(', ')})`;
  const usual = only ? ` [${only.id}]` : '';
  const answer = await call.terminal.ask(`ID of your brand in Dash Social ${offer}${usual}: `);
  if (only && answer?.trim() === '') return only.id;
  if (answer !== null && /^\d{1,15}$/.test(answer.trim())) return Number(answer);
  throw wrongUsage(
    'needs-brand',
    'Pass --brand with the ID, a number, of the brand in Dash Social that gets the drafts.',
  );
};

const timezoneFor = async ({ timezone: given }: Options, terminal: Terminal): Promise<string> => {
  const name = given ?? (await askTimezone(terminal));
  if (v.is(timezone, name)) return name;
  throw wrongUsage('no-timezone', `"${name}" is not a time zone. Use a name such as Europe/Berlin.`);
};

const askTimezone = async ({ ask }: Terminal): Promise<string> => {
  const here = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (await ask(`Time zone of your team [${here}]: `))?.trim() || here;
};

const askDisclosure = async ({ ask }: Terminal): Promise<Disclosure | null> => {
  const question =
    'TikTok requires disclosure of promotion. Your posts: promoted (your own brand), paid_partnership (another brand) or none [decide for each post]: ';
  const answer = ((await ask(question)) ?? '').trim();
  const chosen = disclosures.find((one) => one === answer);
  if (answer === '' || chosen !== undefined) return chosen ?? null;
  throw wrongUsage('no-disclosure', `Disclosure must be one of ${disclosures.join(', ')}.`);
};

const resultOf = (file: string, { listed, found }: Given, where: Where): Result => ({
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
    ...privateNotes(page, listed.feeds),
    ...found.flatMap((one) => foundNotes(page, one)),
    `${page.paint('green', '✓')} ${plain(file)} created. Next:`,
    ...nextSteps(page, listed.feeds[0]?.id ?? '', { ...where, config: file }),
  ],
});

const foundNotes = (
  page: Page,
  { id: name, entries, others, allowPrivate }: Given['found'][number],
): string[] => [
  ...(allowPrivate
    ? [page.paint('yellow', `${name} has a private address, so allow_private: true was set`)]
    : []),
  page.paint('dim', `${name} has ${entries} ${entries === 1 ? 'entry' : 'entries'} now`),
  ...(others.length === 0
    ? []
    : [page.paint('yellow', `its page also links to: ${others.map(plain).join(' , ')}`)]),
];

const nextSteps = (page: Page, feed: string, where: Where): string[] => {
  const { config, ...target } = where;
  const usual = config === 'feeds.yml' ? target : where;
  return [
    ['See the posts that would be sent', toType(`preview ${feed}`, usual)],
    ['Run it on this machine with a sandbox', toStart(where)],
    ['Check the file after a change', toType('check', usual)],
  ].map(([goal = '', command = '']) => `  ${goal.padEnd(38)} ${page.paint('cyan', plain(command))}`);
};
