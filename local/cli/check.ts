import { Command } from 'commander';
import type { ConfigFault } from '../../lib/config.ts';
import type { Config, FeedConfig } from '../../lib/core/config.ts';
import { AppError } from '../../lib/core/errors.ts';
import { postBody } from '../../lib/core/post-body.ts';
import { paceWarnings } from '../../lib/core/posts/daily-pace.ts';
import { type PostNote, postNotes } from '../../lib/core/posts/post-notes.ts';
import { renderPost } from '../../lib/core/render-post.ts';
import { rowOwners } from '../../lib/core/row-owners.ts';
import { atStage, liveStage } from '../../lib/core/stages.ts';
import { timestampOf } from '../../lib/core/stamp-post.ts';
import type { TikTokPost } from '../../lib/core/tiktok-post.ts';
import { type RuleCheck, tiktokRules } from '../../lib/core/tiktok-rules.ts';
import { webhookWarnings } from '../../lib/core/webhook-warnings.ts';
import { plain } from '../plain-text.ts';
import { readUserConfig, readUserWarnings } from '../user-config.ts';
import type { Page } from './page.ts';
import { noteLines, postLines, ruleLines } from './post-words.ts';
import { bareEntry, sampleEntry } from './sample-entry.ts';
import { type Answer, act, type Cli, examples } from './verb.ts';

const usualFile = 'feeds.yml';

/** `check`: every fault of feeds.yml at once; without any, each caption as it renders on a sample entry. */
export const checkCommand = (cli: Cli): Command =>
  new Command('check')
    .description(
      'check feeds.yml: every fault with line, column and remedy; then each caption on a sample entry',
    )
    .addHelpText(
      'after',
      `
Looks at the file of --config, else at feeds.yml; nothing is fetched. Ends with 3 when the file has faults, with 1 when
a caption cannot be rendered, breaks a rule of TikTok or is probably not what you mean.
${examples('check', 'check --config feeds.yml', 'check --stage staging --json')}`,
    )
    .action(
      act(cli, async ({ options, terminal }) => {
        const file = options.config ?? usualFile;
        const read = readOrFaults(file);
        const warnings = readUserWarnings(file);
        if ('faults' in read) return faultsAnswer(file, read, warnings);
        const config = atStage(read.config, options.stage ?? liveStage);
        return samplesAnswer(file, config, samplesOf(config, terminal.clock()), warnings);
      }),
    );

type Faults = { faults: ConfigFault[]; message: string };
type Read = { config: Config } | Faults;

const readOrFaults = (file: string): Read => {
  try {
    return { config: readUserConfig(file) };
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'config.invalid')) throw error;
    return { faults: error.details.faults as ConfigFault[], message: error.message };
  }
};

const faultsAnswer = (file: string, { faults, message }: Faults, warnings: ConfigFault[]): Answer => ({
  json: { file, ok: false, faults, warnings, captions: [] },
  lines: (page) => {
    const [headline = '', ...lines] = message.split('\n');
    return [
      page.paint('red', plain(headline)),
      ...lines.map((line) => `  ${plain(line)}`),
      ...warningLines(page, file, 'besides, ', warnings),
    ];
  },
  exitCode: 3,
});

/** What feeds that make the same of an entry make of the sample. */
type Sample = {
  feeds: string[];
  post: TikTokPost | null;
  fault: string | null;
  rules: RuleCheck[];
  notes: PostNote[];
  /** Why an entry with nothing but title and link would wait for a person; null: it would not. */
  bare: string | null;
};

const makesOf = ({ id: _, url: _url, rhythm: _rhythm, backfill: _backfill, ...rest }: FeedConfig): string =>
  JSON.stringify(rest);

const samplesOf = (config: Config, now: number): Sample[] => {
  const webhooks = config.webhooks.map(({ id, mapping }) => ({ ...mapping, id }));
  const owners = rowOwners(config).filter(({ url }) => url !== '');
  const alike = Map.groupBy([...owners, ...webhooks], makesOf);
  return [...alike.values()].map((feeds) => sampleOf(feeds, now));
};

/** What goes public has its video, and often its time, from the payload. */
const withPayload = (feed: FeedConfig, now: number): FeedConfig =>
  feed.publish === 'draft'
    ? feed
    : {
        ...feed,
        post: {
          media_ids: [1],
          ...(feed.publish === 'schedule' && { timestamp: timestampOf(now + 86_400_000) }),
          ...feed.post,
        },
      };

const sampleOf = (feeds: FeedConfig[], now: number): Sample => {
  const feed = withPayload(feeds[0] as FeedConfig, now);
  const context = { feedTitle: 'A sample feed', now };
  const entry = sampleEntry(now);
  const rendered = renderPost(feed, entry, context);
  const bare = renderPost(feed, bareEntry(now), context);
  const whole = [entry.link, entry.image, entry.video?.url, `${entry.link}#sizes`];
  return {
    feeds: feeds.map(({ id }) => id),
    post: rendered.ok ? rendered.post : null,
    fault: rendered.ok ? null : rendered.detail,
    rules: rendered.ok
      ? tiktokRules(
          rendered.post,
          whole.filter((one) => typeof one === 'string'),
        )
      : [],
    notes: rendered.ok ? postNotes(rendered.post, null).filter(({ about }) => about === 'disclosure') : [],
    bare: bare.ok ? null : bare.detail,
  };
};

const isAmiss = ({ fault, rules }: Sample): boolean => fault !== null || rules.some(({ ok }) => !ok);

const amount = (warnings: readonly ConfigFault[]): string =>
  warnings.length === 1 ? 'one value is' : `${warnings.length} values are`;

const warningLines = (page: Page, file: string, lead: string, warnings: readonly ConfigFault[]): string[] =>
  warnings.length === 0
    ? []
    : [
        page.paint('yellow', `! ${lead}${amount(warnings)} probably not what you mean:`),
        ...warnings.map(
          ({ line, column, path, message }) => `  ${plain(`${file}:${line}:${column} ${path} ${message}`)}`,
        ),
      ];

const headLines = (page: Page, file: string, config: Config, warnings: readonly ConfigFault[]): string[] =>
  warnings.length === 0
    ? [`${page.paint('green', '✓')} ${plain(file)} has no fault: ${counted(config)}.`]
    : warningLines(page, file, `${plain(file)} can be used (${counted(config)}), but `, warnings);

const samplesAnswer = (file: string, config: Config, samples: Sample[], warnings: ConfigFault[]): Answer => ({
  json: {
    file,
    ok: warnings.length === 0 && !samples.some(isAmiss),
    faults: [],
    warnings,
    feeds: config.feeds.length,
    webhooks: config.webhooks.length,
    pace: paceWarnings(config),
    undecided: webhookWarnings(config),
    captions: samples.map((sample) => ({
      ...sample,
      post: sample.post && (JSON.parse(postBody(sample.post)) as unknown),
    })),
  },
  lines: (page) => [
    ...headLines(page, file, config, warnings),
    ...[...paceWarnings(config), ...webhookWarnings(config)].map((says) =>
      page.paint('yellow', `! ${plain(says)}`),
    ),
    ...samples.flatMap((sample) => ['', ...sampleLines(page, sample)]),
  ],
  exitCode: warnings.length > 0 || samples.some(isAmiss) ? 1 : 0,
});

const counted = ({ feeds, webhooks }: Config): string =>
  [
    [feeds.length, 'feed'],
    [webhooks.length, 'webhook'],
  ]
    .map(([n, what]) => `${n} ${what}${n === 1 ? '' : 's'}`)
    .join(', ');

const mostNames = 8;

const namesOf = (page: Page, feeds: string[]): string => {
  const more = feeds.length > mostNames ? ` and ${feeds.length - mostNames} more` : '';
  return `${page.paint('bold', feeds.slice(0, mostNames).join(', '))}${more}`;
};

const sampleLines = (page: Page, { feeds, post, fault, rules, notes, bare }: Sample): string[] => [
  `${namesOf(page, feeds)} would make of a sample entry:`,
  ...(post === null ? [] : postLines(page, post)),
  ...(fault === null ? [] : [`  ${page.paint('red', `✗ no post: ${plain(fault)}`)}`]),
  ...ruleLines(page, rules),
  ...noteLines(page, notes),
  ...(bare === null
    ? []
    : [
        `  ${page.paint('yellow', `! an entry with nothing but title and link would be held: ${plain(bare)}`)}`,
      ]),
];
