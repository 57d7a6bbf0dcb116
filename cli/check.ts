import { Command } from 'commander';
import type { ConfigFault } from '../lib/config.ts';
import type { Config } from '../lib/core/config/config.ts';
import { atStage, liveStage } from '../lib/core/config/stages.ts';
import { AppError } from '../lib/core/errors.ts';
import { paceWarnings } from '../lib/core/posts/daily-pace.ts';
import { postBody } from '../lib/core/posts/post-body.ts';
import { webhookWarnings } from '../lib/webhooks/sources.ts';
import { plain } from '../local/plain-text.ts';
import { readUserConfig, readUserWarnings } from '../local/user-config.ts';
import { needsFixing, type Sample, sampleLines, samplesOf } from './caption-samples.ts';
import { dashAccess } from './dash-access.ts';
import { examineNames } from './examine-names.ts';
import type { Finding } from './finding.ts';
import type { Page } from './page.ts';
import { updateNotes } from './update-notes.ts';
import { act, type Cli, examples, type Result } from './verb.ts';

const usualFile = 'feeds.yml';

/** `check`: every fault of feeds.yml at once; without any, each caption rendered for a sample entry. */
export const checkCommand = (cli: Cli): Command =>
  new Command('check')
    .description(
      'check feeds.yml: every error with line, column and fix; then each caption for a sample entry',
    )
    .option('--live', 'also ask Dash Social whether the brands and campaigns in the file exist')
    .addHelpText(
      'after',
      `
Feeds are read from --config, else from feeds.yml. Nothing is fetched without --live, which uses the token of --stage,
else that in DASH_SOCIAL_TOKEN, else that of what is running in --data. The exit code is 3 when the file has errors, and
1 when a caption cannot be rendered, breaks a TikTok rule or is probably a mistake, or when a check of --live failed.
${examples('check', 'check --config feeds.yml', 'check --stage staging --json', 'check --live')}`,
    )
    .action(
      act<{ live?: boolean }>(cli, async (call) => {
        const { options, terminal } = call;
        const file = options.config ?? usualFile;
        const read = readOrFaults(file);
        const warnings = readUserWarnings(file);
        if ('faults' in read) return faultsResult(file, read, warnings);
        const config = atStage(read.config, options.stage ?? liveStage);
        const samples = samplesOf(config, terminal.clock(), warnings);
        const names = options.live
          ? await call.progress('asking Dash Social', async () =>
              examineNames(await dashAccess(call), config),
            )
          : null;
        return samplesResult(file, config, { samples, warnings, names });
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

const faultsResult = (file: string, { faults, message }: Faults, warnings: ConfigFault[]): Result => ({
  json: { file, ok: false, faults, warnings, captions: [] },
  lines: (page) => {
    const [headline = '', ...lines] = message.split('\n');
    return [
      page.paint('red', plain(headline)),
      ...lines.map((line) => `  ${plain(line)}`),
      ...warningLines(page, file, `${plain(file)} also has `, warnings),
    ];
  },
  exitCode: 3,
});

const amount = (warnings: readonly ConfigFault[]): string =>
  warnings.length === 1 ? '1 probable mistake' : `${warnings.length} probable mistakes`;

const warningLines = (page: Page, file: string, lead: string, warnings: readonly ConfigFault[]): string[] =>
  warnings.length === 0
    ? []
    : [
        page.paint('yellow', `! ${lead}${amount(warnings)}:`),
        ...warnings.map(
          ({ line, column, path, message }) => `  ${plain(`${file}:${line}:${column} ${path} ${message}`)}`,
        ),
      ];

const headLines = (page: Page, file: string, config: Config, warnings: readonly ConfigFault[]): string[] =>
  warnings.length === 0
    ? [`${page.paint('green', '✓')} ${plain(file)} is valid: ${counted(config)}.`]
    : warningLines(page, file, `${plain(file)} is valid (${counted(config)}), but has `, warnings);

/** `names`: what `--live` found; null without it. */
type Checked = { samples: Sample[]; warnings: ConfigFault[]; names: Finding[] | null };

const isWell = ({ samples, warnings, names }: Checked): boolean =>
  warnings.length === 0 &&
  !samples.some(needsFixing) &&
  !(names ?? []).some(({ state }) => state === 'failed');

const signs = { ok: ['green', '✓'], failed: ['red', '✗'], skipped: ['dim', '·'] } as const;

const nameLines = (page: Page, names: Finding[] | null): string[] =>
  names === null || names.length === 0
    ? []
    : [
        '',
        'In Dash Social:',
        ...names.map(({ state, check, text, fix }) =>
          page.paint(
            signs[state][0],
            `  ${signs[state][1]} ${plain(`${check} ${text}${fix === null ? '' : `. ${fix}`}`)}`,
          ),
        ),
      ];

const samplesResult = (file: string, config: Config, checked: Checked): Result => ({
  json: {
    file,
    ok: isWell(checked),
    faults: [],
    warnings: checked.warnings,
    ...(checked.names && { live: checked.names }),
    feeds: config.feeds.length,
    webhooks: config.webhooks.length,
    pace: paceWarnings(config),
    undecided: webhookWarnings(config),
    updates: updateNotes(config),
    captions: checked.samples.map((sample) => ({
      ...sample,
      post: sample.post && (JSON.parse(postBody(sample.post)) as unknown),
    })),
  },
  lines: (page) => [
    ...headLines(page, file, config, checked.warnings),
    ...[...paceWarnings(config), ...webhookWarnings(config), ...updateNotes(config)].map((warning) =>
      page.paint('yellow', `! ${plain(warning)}`),
    ),
    ...nameLines(page, checked.names),
    ...checked.samples.flatMap((sample) => ['', ...sampleLines(page, sample)]),
  ],
  exitCode: isWell(checked) ? 0 : 1,
});

const counted = ({ feeds, webhooks }: Config): string =>
  [
    [feeds.length, 'feed'],
    [webhooks.length, 'webhook'],
  ]
    .map(([n, what]) => `${n} ${what}${n === 1 ? '' : 's'}`)
    .join(', ');
