import { readFileSync } from 'node:fs';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { parse } from 'yaml';
import { awsError } from '../lib/adapters/aws/aws-error.ts';
import type { Config } from '../lib/core/config/config.ts';
import { atStage } from '../lib/core/config/stages.ts';
import { misconfigured } from '../lib/core/errors.ts';
import { once } from '../lib/core/once.ts';
import { clientTimeouts } from '../lib/services/aws-client-config.ts';
import { ourFile } from '../local/our-files.ts';
import { readUserConfig } from '../local/user-config.ts';
import { type Clients, deliveryUrlsOf, type Names, targetOver } from './aws-target.ts';
import { settingsAt } from './stack-folder.ts';
import { type Target, type TargetOptions, whereOf } from './target.ts';

/** The outputs of the stack (infra/) that name its parts. */
const Outputs = v.object({
  FeedsTableName: v.string(),
  LedgerTableName: v.string(),
  FeedsQueueUrl: v.string(),
  DraftsQueueUrl: v.string(),
  FeedsDeadLettersUrl: v.string(),
  DraftsDeadLettersUrl: v.string(),
  DeliveriesQueueUrl: v.optional(v.string()),
  DeliveriesDeadLettersUrl: v.optional(v.string()),
  DashTokenSecret: v.string(),
  InboundSecretsSecret: v.string(),
  ConsoleSecretName: v.optional(v.string()),
});
type Outputs = v.InferOutput<typeof Outputs>;

const Serverless = v.object({
  service: v.string(),
  params: v.object({ default: v.object({ region: v.string() }) }),
});

/** What serverless.yml defines for every stage. */
const readService = () => {
  const text = readFileSync(ourFile('serverless.yml'), 'utf8');
  return v.parse(Serverless, parse(text, { logLevel: 'silent' }));
};

export type StageClients = Clients & { cloudFormation: CloudFormationClient };

/** Clients with the user's credentials, as the SDK finds them. */
const connectTo = (region: string): StageClients => {
  const options = { ...clientTimeouts, region };
  return {
    cloudFormation: new CloudFormationClient(options),
    dynamo: new DynamoDBClient(options),
    sqs: new SQSClient(options),
    secrets: new SecretsManagerClient(options),
  };
};

const notDeployed = (stack: string, region: string) =>
  misconfigured(
    'stage.not-deployed',
    `There is no stack ${stack} in ${region}. Deploy it with npm run deploy -- --stage NAME, or name another --stage or --region.`,
  );

const isMissing = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message);

const outputsOf = async (client: CloudFormationClient, stack: string, region: string): Promise<Outputs> => {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    const outputs = (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [
      OutputKey,
      OutputValue,
    ]);
    return readOutputs(stack, Object.fromEntries(outputs));
  } catch (error) {
    if (isMissing(error)) throw notDeployed(stack, region);
    throw awsError('stage', 'stack', stack, error);
  }
};

const readOutputs = (stack: string, written: unknown): Outputs => {
  const outputs = v.safeParse(Outputs, written);
  if (outputs.success) return outputs.output;
  const missing = outputs.issues.map((issue) => v.getDotPath(issue)).join(', ');
  throw misconfigured(
    'stage.other-release',
    `The stack ${stack} has no output ${missing}, because it was deployed by another release. Deploy this release.`,
  );
};

const namesIn = (outputs: Outputs): Names => ({
  feedsTable: outputs.FeedsTableName,
  ledgerTable: outputs.LedgerTableName,
  queueUrls: {
    feeds: outputs.FeedsQueueUrl,
    drafts: outputs.DraftsQueueUrl,
    feedsDeadLetters: outputs.FeedsDeadLettersUrl,
    draftsDeadLetters: outputs.DraftsDeadLettersUrl,
  },
  deliveryUrls: deliveryUrlsOf(outputs.DeliveriesQueueUrl, outputs.DeliveriesDeadLettersUrl),
  dashSecretId: outputs.DashTokenSecret,
  inboundSecretId: outputs.InboundSecretsSecret,
  consoleSecretId: outputs.ConsoleSecretName ?? null,
});

/** The region in feeds.yml; a file that cannot be read is reported by what needs it. */
const regionIn = (feeds: () => Config, stage: string): string | null => {
  try {
    const { region = null } = settingsAt(feeds(), stage);
    return region === null ? null : String(region);
  } catch {
    return null;
  }
};

/**
 * A deployed stage, with the user's AWS credentials; the names of its parts are read from the outputs of its stack. Its
 * feeds are read from `--config`, else from the feeds.yml here, which a deploy would pack. Throws
 * config `stage.not-deployed`, `stage.other-release`, `stage.access-denied`, and retryable `stage.unreachable`.
 */
export const openStageTarget = async (
  options: TargetOptions & { stage: string },
  connect: (region: string) => StageClients = connectTo,
): Promise<Target> => {
  const { stage, config } = options;
  const feeds = once(() => readUserConfig(config ?? 'feeds.yml'));
  const { service, params } = readService();
  const region = options.region ?? regionIn(feeds, stage) ?? process.env.AWS_REGION ?? params.default.region;
  const { cloudFormation, ...clients } = connect(region);
  try {
    const outputs = await outputsOf(cloudFormation, `${service}-${stage}`, region);
    return {
      name: `stage ${stage}`,
      where: whereOf(options),
      start: null,
      config: once(() => atStage(feeds(), stage)),
      dashUrl: null,
      libraryUrl: null,
      site: null,
      ...targetOver(clients, namesIn(outputs)),
    };
  } finally {
    cloudFormation.destroy();
  }
};
