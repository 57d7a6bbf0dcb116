import { Command } from 'commander';
import type { Config } from '../lib/core/config/config.ts';
import { atStage, liveStage } from '../lib/core/config/stages.ts';
import { plain } from '../local/plain-text.ts';
import { examineConsole } from './examine-console.ts';
import { examineDash } from './examine-dash.ts';
import { examineHealth } from './examine-health.ts';
import { examineSecrets } from './examine-secrets.ts';
import {
  type ExamineContext,
  examineConfig,
  examineQueues,
  examineSchedule,
  examineTables,
} from './examine-target.ts';
import { examineWebhooks } from './examine-webhooks.ts';
import { examine, type Finding, skipped } from './finding.ts';
import type { Page } from './page.ts';
import type { Tick } from './progress.ts';
import type { Target } from './target.ts';
import { act, type Cli, examples } from './verb.ts';

/** `doctor`: checks everything the service needs. */
export const doctorCommand = (cli: Cli): Command =>
  new Command('doctor')
    .description('check settings, access and health; each line is ok or has a fix')
    .addHelpText(
      'after',
      `
Nothing is written, and nothing is created in Dash Social. The exit code is 1 when a check failed.
${examples('doctor', 'doctor --stage prod', 'doctor --json')}`,
    )
    .action(
      act(cli, async ({ options: { stage }, target, page, progress, terminal }) => {
        const opened = await target();
        const context = { target: opened, stage, clock: terminal.clock, page };
        const findings = await progress('checking', (tick) => examineAll(context, tick));
        const isWell = findings.every(({ state }) => state !== 'failed');
        return {
          json: { target: opened.name, ok: isWell, checks: findings },
          lines: () => linesOf(page, opened.name, findings),
          exitCode: isWell ? 0 : 1,
        };
      }),
    );

/** Null when it cannot be read, which `examineConfig` reports. */
const configOf = ({ config }: Target): Config | null => {
  try {
    return config();
  } catch {
    return null;
  }
};

const examineAll = async (context: ExamineContext, tick: Tick): Promise<Finding[]> => {
  const config = configOf(context.target);
  tick('tables and queues');
  const here = [
    ...(await examine('feeds.yml', async () => examineConfig(context.target.config(), context.target.where))),
    ...(await examineTables(context)),
    ...(await examineQueues(context)),
    ...(await examineSchedule(context)),
  ];
  tick('Dash Social and secrets');
  if (config === null) return here;
  return [...here, ...(await examineNamed(context, config)), ...(await examineHealth(context))];
};

/** The secrets, the webhooks and the console in feeds.yml. */
const examineNamed = async (context: ExamineContext, config: Config): Promise<Finding[]> => {
  const { deliver } = atStage(config, context.stage ?? liveStage);
  const dash =
    deliver === 'none'
      ? [skipped('token', 'not needed, because this stage delivers nothing')]
      : await examineDash(context, config);
  return [
    ...dash,
    ...(await examineSecrets(context, config)),
    ...(await examineWebhooks(context, config)),
    ...(await examineConsole(context, config)),
  ];
};

const signs = { ok: ['green', 'ok'], failed: ['red', 'failed'], skipped: ['dim', 'skipped'] } as const;

const linesOf = (page: Page, name: string, findings: Finding[]): string[] => {
  const bad = findings.filter(({ state }) => state === 'failed');
  return [
    ...page.table(
      ['', 'check', name],
      findings.map(({ check, state, text }) => [
        { text: signs[state][1], style: signs[state][0] },
        check,
        state === 'failed' ? 'see below' : text,
      ]),
    ),
    ...bad.flatMap(({ check, text, fix }) => [
      '',
      page.paint('red', plain(`${check}: ${text}`)),
      ...(fix === null ? [] : [`  ${plain(fix)}`]),
    ]),
    '',
    bad.length === 0
      ? page.paint('green', 'No problems found.')
      : `${bad.length} ${bad.length === 1 ? 'check' : 'checks'} failed.`,
  ];
};
