import { Command, InvalidArgumentError, Option } from 'commander';
import { port } from '../cli/parse-number.ts';
import { misconfigured } from '../lib/core/errors.ts';
import { usualData } from '../lib/core/operator/cli-hints.ts';

/**
 * Where drafts go: to the sandbox, or to Dash Social with the user's token; `url` null: its own address; `libraryUrl`
 * absent: that of `url`.
 */
export type Target =
  | { kind: 'sandbox' }
  | { kind: 'dash'; url: string | null; libraryUrl?: string; token: string };

export type Options = {
  once: boolean;
  json: boolean;
  /** The user's feeds.yml; null: the demo's. */
  config: string | null;
  target: Target;
  data: string;
  /** Null: the default one, or a free one when that is taken. */
  port: number | null;
};

const help = `
Examples:
  npm start                                       a demo with feeds of an invented brand; drafts go to a sandbox
  npm start -- --config feeds.yml                 your feeds; drafts go to the sandbox
  npm start -- --config feeds.yml --live          your feeds; drafts go to Dash Social (needs DASH_SOCIAL_TOKEN)
  npm -s start -- --once --json                   poll everything once and print one JSON document

Exit codes:
    0  done, or stopped with Ctrl-C; also with entries that need attention or feeds that cannot be read, which the
       output and npm run -s cli -- status show
    1  it could not start, a function failed, Dash Social refused the token or a brand, or stored data is invalid
  130  --once was stopped with Ctrl-C before it was done`;

/** Parses the command line; throws config `local.*` for invalid options, and exits after --help. */
export function parseOptions(args: string[], env: NodeJS.ProcessEnv): Options {
  refuseSwallowed(env);
  const flags = commandLine().parse(args, { from: 'user' }).opts<Flags>();
  const config = flags.config ?? (flags.demo ? null : 'feeds.yml');
  const target = targetOf(flags, env.DASH_SOCIAL_TOKEN?.trim() ?? '');
  if (flags.live && !flags.dashUrl && config === null) {
    throw misconfigured(
      'local.no-config',
      'With --live, drafts go to your Dash Social account, and the demo must not go there. Name your feeds with --config feeds.yml.',
    );
  }
  return {
    once: flags.once || flags.json,
    json: flags.json,
    config,
    target,
    data: flags.data,
    port: flags.port ?? null,
  };
}

/** Our options that npm consumes without `--`, and passes on only in the environment. */
const swallowed = ['config', 'live', 'once', 'data', 'port', 'dash-url', 'library-url'];

/** `npm start --config feeds.yml` without `--` would run the demo instead. Throws config `local.swallowed`. */
const refuseSwallowed = (env: NodeJS.ProcessEnv): void => {
  const taken = swallowed.filter((name) => env[`npm_config_${name.replaceAll('-', '_')}`]);
  if (taken.length === 0) return;
  const options = taken.map((name) => `--${name}`).join(' ');
  throw misconfigured(
    'local.swallowed',
    `npm took ${options} for itself. Put -- before the options: npm start -- ${options} …`,
  );
};

type Flags = {
  once: boolean;
  json: boolean;
  config?: string;
  live: boolean;
  dashUrl?: string;
  libraryUrl?: string;
  data: string;
  port?: number;
  demo: boolean;
};

/** The options of `npm start`; docs/cli.md is generated from them. */
export const commandLine = (): Command =>
  new Command('npm start --')
    .description(
      'Run the whole service on this machine: it polls feeds and makes TikTok drafts of new entries.',
    )
    .option('--once', 'poll every feed, process everything that is due, print the result and exit', false)
    .option('--json', 'like --once, but print one JSON document', false)
    .option('--config <file>', 'your feeds instead of the demo')
    .option('--live', 'post to Dash Social with the token in DASH_SOCIAL_TOKEN', false)
    .addOption(
      new Option('--dash-url <url>', 'post to this address instead, with the same token').argParser(httpUrl),
    )
    .addOption(
      new Option('--library-url <url>', 'read the Library of Dash Social at this address instead').argParser(
        httpUrl,
      ),
    )
    .option('--data <dir>', 'data folder', usualData)
    .addOption(new Option('--port <n>', 'port of the console on 127.0.0.1 (default: 4747)').argParser(port))
    .option('--no-demo', 'no demo: use ./feeds.yml unless --config names another file')
    .allowExcessArguments(false)
    .configureOutput({ writeErr: () => {} }) // printed by the code that catches the error
    .exitOverride(({ exitCode, message }) => {
      if (exitCode === 0) process.exit(0); // --help
      throw misconfigured('local.usage', message);
    })
    .addHelpText('after', help);

function targetOf({ live, dashUrl, libraryUrl }: Flags, token: string): Target {
  if (!live && !dashUrl) return { kind: 'sandbox' };
  if (token !== '')
    return { kind: 'dash', url: dashUrl ?? null, ...(libraryUrl !== undefined && { libraryUrl }), token };
  throw misconfigured(
    'local.no-token',
    `${dashUrl ? '--dash-url' : '--live'} needs a Dash Social API token. Set the environment variable DASH_SOCIAL_TOKEN, which is empty or missing.`,
  );
}

function httpUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('It must be an http or https URL.');
}
