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

/** What the environment of a function tells, by its own name and the variable's. */
const settings = {
  feedsTable: { variable: 'FEEDS_TABLE', schema: Text },
  ledgerTable: { variable: 'LEDGER_TABLE', schema: Text },
  feedsQueueUrl: { variable: 'FEEDS_QUEUE_URL', schema: WebAddress },
  draftsQueueUrl: { variable: 'DRAFTS_QUEUE_URL', schema: WebAddress },
  feedsDeadLettersUrl: { variable: 'FEEDS_DEAD_LETTERS_URL', schema: WebAddress },
  draftsDeadLettersUrl: { variable: 'DRAFTS_DEAD_LETTERS_URL', schema: WebAddress },
  /** Name or ARN of the secret that holds the token of Dash Social. */
  dashSecretId: { variable: 'DASH_TOKEN_SECRET_ID', schema: Text },
  /** Name or ARN of the secret that holds the secrets of webhooks and of feeds behind a login. */
  inboundSecretId: { variable: 'INBOUND_SECRET_ID', schema: Text },
  /** Instead of Dash Social itself: a recording proxy, a sandbox. */
  dashUrl: { variable: 'DASH_URL', schema: v.optional(WebAddress) },
  /** Posts a minute; undefined: as feeds.yml says. */
  dashRatePerMinute: { variable: 'DASH_RATE_PER_MINUTE', schema: v.optional(Count) },
  /** How many processes of create-draft share the rate; undefined: as many as the queue's mapping starts. */
  draftWorkers: { variable: 'DRAFT_WORKERS', schema: v.optional(Count) },
  /** The stage this is; a laptop is as prod. */
  stage: { variable: 'STAGE', schema: v.optional(Text, liveStage) },
  /** The topic of SNS whose subscribers get mail; none on a laptop. */
  alertsTopicArn: { variable: 'ALERTS_TOPIC_ARN', schema: v.optional(Text) },
  /** The stage that the command line is to be told to look at; none on a laptop. */
  cliStage: { variable: 'CLI_STAGE', schema: v.optional(Text) },
  /** The data folder that it is to be told to look at; on a laptop only. */
  cliData: { variable: 'CLI_DATA', schema: v.optional(Text) },
  /** The packed configuration, beside the bundle. */
  feedsFile: { variable: 'FEEDS_FILE', schema: v.optional(Text, 'feeds.json') },
} as const;

type Table = typeof settings;
type SettingName = keyof Table;
type Settings = { readonly [Name in SettingName]: v.InferOutput<Table[Name]['schema']> };

const isName = (name: string): name is SettingName => Object.hasOwn(settings, name);

/**
 * Reads the named settings (all, when none are named) from environment variables; each function names those it
 * needs, so that it can be given no others. Throws one `config.environment` that lists every variable that is missing
 * or wrong, and repeats no value.
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
      `Environment variables: ${faults.join(', ')}. Set them on the function.`,
    );
  }
  return Object.fromEntries(read.map(({ name, result }) => [name, result.output])) as Pick<Settings, Name>;
};
