import * as v from 'valibot';
import { liveStage } from './core/config/stages.ts';
import { misconfigured } from './core/errors.ts';

const Text = v.pipe(v.string('is missing'), v.minLength(1, 'is empty'));

const WebAddress = v.pipe(
  v.string('is missing'),
  v.check((url) => /^https?:\/\//.test(url) && URL.canParse(url), 'is not an http or https address'),
);

const Count = v.pipe(
  v.string('is missing'),
  v.regex(/^[1-9]\d{0,6}$/, 'is not a whole number above 0'),
  v.transform(Number),
);

/** The settings of the functions, each with its environment variable. */
const settings = {
  feedsTable: { variable: 'FEEDS_TABLE', schema: Text },
  ledgerTable: { variable: 'LEDGER_TABLE', schema: Text },
  feedsQueueUrl: { variable: 'FEEDS_QUEUE_URL', schema: WebAddress },
  draftsQueueUrl: { variable: 'DRAFTS_QUEUE_URL', schema: WebAddress },
  /** Only where a feed has a hook. */
  enrichQueueUrl: { variable: 'ENRICH_QUEUE_URL', schema: v.optional(WebAddress) },
  feedsDeadLettersUrl: { variable: 'FEEDS_DEAD_LETTERS_URL', schema: WebAddress },
  draftsDeadLettersUrl: { variable: 'DRAFTS_DEAD_LETTERS_URL', schema: WebAddress },
  deliveriesQueueUrl: { variable: 'DELIVERIES_QUEUE_URL', schema: WebAddress },
  deliveriesDeadLettersUrl: { variable: 'DELIVERIES_DEAD_LETTERS_URL', schema: WebAddress },
  /** Name or ARN of the secret with the Dash Social token. */
  dashSecretId: { variable: 'DASH_TOKEN_SECRET_ID', schema: Text },
  /** Name or ARN of the secret with the values for webhooks, feed logins and alert channels. */
  inboundSecretId: { variable: 'INBOUND_SECRET_ID', schema: Text },
  /** Name or ARN of the secret with the client secret and the session keys of the console. */
  consoleSecretId: { variable: 'CONSOLE_SECRET_ID', schema: Text },
  /** The address of the stack, where the console is unless feeds.yml has an address for it; none without a console. */
  stackUrl: { variable: 'STACK_URL', schema: v.optional(WebAddress) },
  /** Replaces Dash Social's address: a recording proxy, the sandbox. */
  dashUrl: { variable: 'DASH_URL', schema: v.optional(WebAddress) },
  /** Replaces the address of Dash Social's Library alone; undefined: as `dashUrl` says. */
  dashLibraryUrl: { variable: 'DASH_LIBRARY_URL', schema: v.optional(WebAddress) },
  /** Posts per minute; undefined: as in feeds.yml. */
  dashRatePerMinute: { variable: 'DASH_RATE_PER_MINUTE', schema: v.optional(Count) },
  /** How many create-draft processes share the rate limit; undefined: as many as the queue's mapping starts. */
  draftWorkers: { variable: 'DRAFT_WORKERS', schema: v.optional(Count) },
  /** The stage's name; a local run counts as prod. */
  stage: { variable: 'STAGE', schema: v.optional(Text, liveStage) },
  /** The SNS topic for emails; undefined in a local run. */
  alertsTopicArn: { variable: 'ALERTS_TOPIC_ARN', schema: v.optional(Text) },
  /** The stage for suggested commands; undefined in a local run. */
  cliStage: { variable: 'CLI_STAGE', schema: v.optional(Text) },
  /** The data folder for suggested commands; only in a local run. */
  cliData: { variable: 'CLI_DATA', schema: v.optional(Text) },
  /** The packed configuration, next to the bundle. */
  feedsFile: { variable: 'FEEDS_FILE', schema: v.optional(Text, 'feeds.json') },
} as const;

type Table = typeof settings;
type SettingName = keyof Table;
type Settings = { readonly [Name in SettingName]: v.InferOutput<Table[Name]['schema']> };

const isName = (name: string): name is SettingName => Object.hasOwn(settings, name);

/**
 * Reads the named settings from environment variables, by default all. Each function names the settings it needs, so
 * that it gets no others. Throws one `config.environment` that lists every missing or invalid variable, without values.
 */
export const readSettings = <const Name extends SettingName = SettingName>(
  env: Record<string, string | undefined>,
  names: readonly Name[] = Object.keys(settings).filter(isName) as Name[],
): Pick<Settings, Name> => {
  const read = names.map((name) => {
    const { variable, schema } = settings[name];
    return { name, variable, result: v.safeParse(schema, env[variable]) };
  });
  const faults = read.flatMap(({ variable, result }) =>
    (result.issues ?? []).map((issue) => `${variable} ${issue.message}`),
  );
  if (faults.length > 0) {
    throw misconfigured(
      'config.environment',
      `Invalid environment variables: ${faults.join(', ')}. Set them on the function.`,
    );
  }
  return Object.fromEntries(read.map(({ name, result }) => [name, result.output])) as Pick<Settings, Name>;
};
