import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { dynamoLedger } from '../lib/adapters/aws/ledger-dynamo.ts';
import { sqsSendWakeUps } from '../lib/adapters/aws/queues-sqs.ts';
import type { Config } from '../lib/core/config/config.ts';
import { rowOwners } from '../lib/core/config/row-owners.ts';
import { atStage, liveStage } from '../lib/core/config/stages.ts';
import { hookFunctions, hookSecrets } from '../lib/core/enrich/has-hooks.ts';
import { misconfigured } from '../lib/core/errors.ts';
import type { Ledger } from '../lib/core/ports.ts';
import { packConfig } from '../lib/packed-config.ts';
import { writeAtomically } from './atomic-file.ts';
import { type Closers, closers } from './closers.ts';
import { openCloud, openFunctions, openPump } from './cloud.ts';
import { demoConfig } from './demo/config.ts';
import { openPublisher, type Publisher } from './demo/publisher.ts';
import { readDeployment } from './deployment.ts';
import { startExpiry } from './embedded/expiry.ts';
import { type Following, follow, type Print } from './follow.ts';
import type { Functions } from './functions.ts';
import { respondToHooks } from './hooks.ts';
import { keepStart } from './last-start.ts';
import { openSecrets, secretsFile } from './local-secrets.ts';
import { logFile, openLog } from './log-file.ts';
import { asMachineFault } from './machine-fault.ts';
import { movedTarget } from './moved-target.ts';
import { openConsole } from './open-console.ts';
import type { Options } from './options.ts';
import type { Pump } from './pump.ts';
import { startSandbox } from './sandbox/start-sandbox.ts';
import { openSite } from './site.ts';
import { closeDespite } from './uncaught.ts';
import { readUserConfig } from './user-config.ts';
import { wakeLost } from './wake-lost.ts';

/** Everything that runs locally in place of AWS, Dash Social and, in the demo, a publisher. */
export type Stack = {
  config: Config;
  siteUrl: string;
  /** The console's address; null with `--once`. */
  consoleUrl: string | null;
  /** Null unless this is the demo. */
  publisher: Publisher | null;
  /** The events so far. */
  following: Following;
  ledger: Ledger;
  functions: Functions;
  pump: Pump;
  /** Ends current work, then closes everything. */
  close: () => Promise<void>;
};

/**
 * Opens the whole stack on 127.0.0.1 with the data folder, and writes its addresses to `running.json`. Throws config
 * `config.*` for an invalid feeds.yml, `local.already-running` when the folder is in use, and `local.port-busy`; what
 * was opened before is closed again, also when `fault` rejects. `print` receives a line for each event.
 */
export async function openStack(
  options: Options,
  print: Print,
  fault: Promise<never> = new Promise(() => {}),
): Promise<Stack> {
  const opened = closers();
  try {
    return await Promise.race([open(options, print, opened), fault]);
  } catch (error) {
    await closeDespite(fault, opened.closeAll);
    throw error;
  }
}

async function open(options: Options, print: Print, opened: Closers): Promise<Stack> {
  const written = options.config === null ? null : readUserConfig(options.config); // the likeliest error, so it is first
  const file = (name: string) => resolve(options.data, name);
  const cloud = await openCloud(options.data, opened, { events: written?.events !== undefined }); // first, because it locks the folder
  const feeds = await openFeeds(options, file, opened);
  const dash = await openDash(options, file, feeds.config, opened);
  const expiring = [
    { table: cloud.tables.ledger, key: ['key'] },
    { table: cloud.tables.feeds, key: ['pk', 'sk'] },
  ];
  for (const table of expiring)
    opened.keep(
      startExpiry(cloud.dynamo, table, (error) => print(`Expired rows were not removed: ${error}`, true)),
    );
  cloud.putToken(dash.token);
  cloud.putInbound(
    openSecrets(file(secretsFile), [
      ...feeds.config.webhooks.flatMap(({ secretNames }) => secretNames),
      ...(feeds.config.events?.webAddresses ?? []).flatMap(({ secretNames }) => secretNames),
      ...hookSecrets(feeds.config),
    ]),
  );
  if (feeds.config.events && feeds.config.events.eventBus !== null)
    print('No event is put on the event bus: that works only once deployed.');
  keepStart(options);
  const warning = movedTarget(options.data, options.target);
  if (warning !== null) print(warning, true);

  const environment = {
    ...cloud.environment,
    CLI_DATA: options.data, // used in suggested commands
    FEEDS_FILE: feeds.packed,
    ...(dash.url !== null && { DASH_URL: dash.url }),
    ...(dash.libraryUrl !== undefined && { DASH_LIBRARY_URL: dash.libraryUrl }),
  };
  const running = { pid: process.pid, site: feeds.site.url, ...environment };
  opened.keep(announce(file('running.json'), running));

  const ledger = dynamoLedger({ client: cloud.dynamo, table: cloud.tables.ledger });
  const ids = feeds.config.feeds.map(({ id }) => id);
  const following = follow(ids, { ledger, timezone: feeds.config.timezone, clock: Date.now }, print);
  const log = openLog(file(logFile), (error) =>
    print(`The log cannot be written: ${messageOf(error)}`, true),
  );
  const onLog = both(log, following.onLog);
  const deployment = readDeployment();
  const functions = opened.keep(openFunctions(deployment, environment, onLog));
  feeds.site.add(respondToHooks(functions, following.onFault));
  const send = sqsSendWakeUps({
    client: cloud.sqs,
    queueUrl: cloud.queueUrls.drafts,
    enrichQueueUrl: cloud.queueUrls.enrich,
  });
  await wakeLost(brandsOf(feeds.config), Date.now(), { due: ledger.due, send });
  const pump = opened.keep(await openPump(deployment, functions, cloud, following.onFault));
  const consoleUrl = options.once
    ? null
    : await openConsole({ data: options.data, config: feeds.config, site: feeds.site }, print, opened);
  const { config, publisher, site } = feeds;
  return {
    config,
    publisher,
    siteUrl: site.url,
    consoleUrl,
    following,
    ledger,
    functions,
    pump,
    close: opened.closeAll,
  };
}

const messageOf = (thrown: unknown): string => {
  const error = asMachineFault(thrown);
  return error instanceof Error ? error.message : String(error);
};

const both =
  (...takers: ((line: string) => void)[]) =>
  (line: string) => {
    for (const take of takers) take(line);
  };

/** A file of the data folder. */
type DataFile = (name: string) => string;

/** The user's feeds, or the demo's publisher and its feeds.yml. */
async function openFeeds({ config: userFile, port, data }: Options, file: DataFile, opened: Closers) {
  const publisher = userFile === null ? openPublisher({ stateFile: file('demo.json'), now: Date.now }) : null;
  const site = opened.keep(await openSite(publisher ? [publisher.respond] : [], port));
  const demoFile = file('demo-feeds.yml');
  if (userFile === null) writeAtomically(demoFile, demoConfig(site.url, data));
  const config = atStage(readUserConfig(userFile ?? demoFile), liveStage);
  refuseFunctions(config);
  const packed = file('feeds.json'); // what the build would put next to each bundle
  writeAtomically(packed, packConfig(config));
  return { packed, config, publisher, site };
}

/** A function runs on AWS, and a local run has no access to your account. */
const refuseFunctions = (config: Config): void => {
  const [arn] = hookFunctions(config);
  if (arn === undefined) return;
  throw misconfigured(
    'local.lambda-hook',
    `enrich names the Lambda function ${arn}, which a local run cannot invoke. For a local run, serve your hook over HTTP, and write enrich: { url: http://127.0.0.1:PORT, secret_name: hook, allow_private: true } in a copy of feeds.yml.`,
  );
};

/** Where drafts go, with the token for it. */
async function openDash(
  { target }: Options,
  file: DataFile,
  config: Config,
  opened: Closers,
): Promise<{ url: string | null; libraryUrl?: string; token: string }> {
  if (target.kind === 'dash') return target;
  const token = 'for-the-sandbox-only';
  const brands = brandsOf(config);
  const campaigns = campaignsOf(config);
  const sandbox = opened.keep(
    await startSandbox({ token, brands, campaigns, stateFile: file('sandbox.jsonl') }),
  );
  return { url: sandbox.url, token };
}

const brandsOf = (config: Config): number[] => [
  ...new Set(
    rowOwners(config).flatMap(({ brandId, post }) => [brandId, ...others(post.duplicate_to_brand_ids)]),
  ),
];

/** The campaigns in feeds.yml, which thus exist in the sandbox. */
const campaignsOf = (config: Config): Record<number, number[]> => {
  const owners = rowOwners(config);
  return Object.fromEntries(
    brandsOf(config).map((brand) => [
      brand,
      owners.flatMap(({ brandId, post }) => (brandId === brand ? others(post.campaign_ids) : [])),
    ]),
  );
};

const others = (ids: unknown): number[] => (Array.isArray(ids) ? ids : []);

/**
 * Records the running stack's addresses for other commands; a crash leaves the file behind, so they check the process
 * first.
 */
function announce(file: string, running: object) {
  writeAtomically(file, `${JSON.stringify(running, null, 2)}\n`);
  return { close: () => rmSync(file, { force: true }) };
}
