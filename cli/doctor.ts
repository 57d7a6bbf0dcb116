import { Command } from 'commander';
import type { Config } from '../lib/core/config/config.ts';
import { atStage, liveStage } from '../lib/core/config/stages.ts';
import { plain } from '../local/plain-text.ts';
import { examineDash } from './examine-dash.ts';
import {
  type Eyes,
  examineConfig,
  examineDuplicates,
  examineQueues,
  examineSchedule,
  examineTables,
} from './examine-place.ts';
import { examineSecrets } from './examine-secrets.ts';
import { examineWebhooks } from './examine-webhooks.ts';
import { examine, type Finding, skipped } from './finding.ts';
import type { Page } from './page.ts';
import type { Place } from './place.ts';
import type { Tick } from './progress.ts';
import { act, type Cli, examples } from './verb.ts';

/** `doctor`: whether all that the work needs is there and as it should be. */
export const doctorCommand = (cli: Cli): Command =>
  new Command('doctor')
    .description('check settings, access and health: each line is ok or has a fix')
    .addHelpText(
      'after',
      `
Nothing is written, and nothing is created in Dash Social. Exits with 1 when a check failed.
${examples('doctor', 'doctor --stage prod', 'doctor --json')}`,
    )
    .action(
      act(cli, async ({ options: { stage }, place, page, progress, terminal }) => {
        const opened = await place();
        const eyes = { place: opened, stage, clock: terminal.clock, page };
        const findings = await progress('looking', (tick) => examineAll(eyes, tick));
        const isWell = findings.every(({ state }) => state !== 'failed');
        return {
          json: { place: opened.name, ok: isWell, checks: findings },
          lines: () => linesOf(page, opened.name, findings),
          exitCode: isWell ? 0 : 1,
        };
      }),
    );

/** Null when it cannot be read, of which `examineConfig` tells. */
const configOf = ({ config }: Place): Config | null => {
  try {
    return config();
  } catch {
    return null;
  }
};

const examineAll = async (eyes: Eyes, tick: Tick): Promise<Finding[]> => {
  const config = configOf(eyes.place);
  tick('tables and queues');
  const here = [
    ...(await examine('feeds.yml', async () => examineConfig(eyes.place.config(), eyes.place.where))),
    ...(await examineTables(eyes)),
    ...(await examineQueues(eyes)),
    ...(await examineSchedule(eyes)),
    ...(await examineDuplicates(eyes)),
  ];
  tick('Dash Social and secrets');
  return config === null ? here : [...here, ...(await examineNamed(eyes, config))];
};

/** What feeds.yml leads to. */
const examineNamed = async (eyes: Eyes, config: Config): Promise<Finding[]> => {
  const { deliver } = atStage(config, eyes.stage ?? liveStage);
  const dash =
    deliver === 'none'
      ? [skipped('token', 'this stage delivers nothing, so it needs none')]
      : await examineDash(eyes, config);
  return [...dash, ...(await examineSecrets(eyes, config)), ...(await examineWebhooks(eyes, config))];
};

const signs = { ok: ['green', 'ok'], failed: ['red', 'failed'], skipped: ['dim', 'skipped'] } as const;

const linesOf = (page: Page, name: string, findings: Finding[]): string[] => {
  const bad = findings.filter(({ state }) => state === 'failed');
  return [
    ...page.table(
      ['', 'check', name],
      findings.map(({ check, state, says }) => [
        { text: signs[state][1], style: signs[state][0] },
        check,
        says,
      ]),
    ),
    ...bad.flatMap(({ check, says, todo }) => [
      '',
      page.paint('red', plain(`${check}: ${says}`)),
      ...(todo === null ? [] : [`  ${plain(todo)}`]),
    ]),
    '',
    bad.length === 0 ? page.paint('green', 'All is well.') : `${bad.length} failed.`,
  ];
};
