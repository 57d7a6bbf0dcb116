import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { liveStage, notAStageName, stageName } from '../lib/core/config/stages.ts';
import { requirePeers } from '../local/peers.ts';
import { readUserConfig } from '../local/user-config.ts';
import { writeStackFolder } from './stack-folder.ts';
import { act, type Cli, type CommonOptions, examples, type Result, wrongUsage } from './verb.ts';

/** Where the stack of each stage is written, in the working directory. */
const stacksFolder = '.rss-drafts';

type Options = { param?: string[] };
type Osls = (args: string[], cwd: string) => Promise<number>;

/** Runs the deploy tool in a folder, with its output on this terminal; returns its exit code. */
const osls: Osls = async (args, cwd) => {
  const bin = fileURLToPath(import.meta.resolve('osls/bin/serverless.js'));
  const child = spawn(process.execPath, [bin, ...args], { cwd, stdio: 'inherit' });
  const [code] = await once(child, 'close');
  return code ?? 1;
};

type Work = { verb: 'package' | 'deploy'; stage: string; run: Osls };

const writeAndRun = async (
  { verb, stage, run }: Work,
  { config = 'feeds.yml', region, param = [] }: Options & Pick<CommonOptions, 'config' | 'region'>,
): Promise<Result> => {
  requirePeers('deploy');
  if (!stageName.test(stage)) throw wrongUsage('stage', `${JSON.stringify(stage)} ${notAStageName}.`);
  const dir = join(stacksFolder, stage);
  await writeStackFolder(readUserConfig(config), stage, dir);
  const params = [...(region === undefined ? [] : [`region=${region}`]), ...param];
  const code = await run([verb, '--stage', stage, ...params.map((one) => `--param=${one}`)], dir);
  const where = `The template is in ${join(dir, '.serverless')}, the archives are in ${join(dir, 'dist')}.`;
  return {
    json: { stage, folder: dir, ok: code === 0 },
    lines: () => (code === 0 && verb === 'package' ? [where] : []),
    exitCode: code === 0 ? 0 : 1,
  };
};

const paramOption = ['--param <name=value...>', 'override a setting of serverless.yml'] as const;

const feedsText = `
Feeds are read from --config, else from feeds.yml. Everything is written to ${stacksFolder}/STAGE.`;

/** `package`: the template and the archives of a stage, without credentials and network. */
export const packageCommand = (cli: Cli, run: Osls = osls): Command =>
  new Command('package')
    .description('write the template and archives of a stage (default: prod), without AWS')
    .option(...paramOption)
    .addHelpText('after', `${feedsText}\n${examples('package', 'package --stage dev')}`)
    .action(
      act<Options>(cli, ({ options }) =>
        writeAndRun({ verb: 'package', stage: options.stage ?? liveStage, run }, options),
      ),
    );

/** `deploy`: packages a stage and deploys it with the user's AWS credentials. */
export const deployCommand = (cli: Cli, run: Osls = osls): Command =>
  new Command('deploy')
    .description('deploy a stage, with your AWS credentials')
    .option(...paramOption)
    .addHelpText(
      'after',
      `${feedsText}\n${examples('deploy --stage prod', 'deploy --stage prod --param alarmEmail=team@example.com')}`,
    )
    .action(
      act<Options>(cli, async ({ options }) => {
        const { stage } = options;
        if (stage === undefined)
          throw wrongUsage('stage', 'Name the stage to deploy, for example --stage prod.');
        return writeAndRun({ verb: 'deploy', stage, run }, options);
      }),
    );
