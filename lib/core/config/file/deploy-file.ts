import * as v from 'valibot';
import type { DeployConfig, DeploySettings } from '../config.ts';
import { must, mustBe } from '../wrong-value.ts';
import { closedMap, flag, picked, setting, text, wholeNumber } from './config-schema.ts';

const regionMessage = mustBe('an AWS region', 'write, for example, eu-central-1');
const Region = v.pipe(v.string(regionMessage), v.regex(/^[a-z]{2}(?:-[a-z]{2,12}){1,2}-\d$/, regionMessage));

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
const RetentionDays = v.picklist(
  retentionDays,
  mustBe('a number of days that CloudWatch Logs offers', `write one of ${retentionDays.join(', ')}`),
);

const emailMessage = mustBe('an email address', 'write, for example, team@example.com');
const Email = v.pipe(v.string(emailMessage), v.regex(/^[^\s@]+@[^\s@]+$/, emailMessage));

const boundaryMessage = must('the ARN of a policy', 'write arn:aws:iam::ACCOUNT:policy/NAME');
const Boundary = v.pipe(
  v.string(boundaryMessage),
  v.regex(/^arn:aws[a-z-]*:iam::\d{12}:policy\/\S{1,512}$/, boundaryMessage),
);

const Concurrency = v.union(
  [v.literal('none'), wholeNumber(1, 1_000)],
  mustBe('a number or none', 'write a number from 1 to 1000, or none'),
);

const rate = wholeNumber(1, 10_000);

/** Each setting has the name of a parameter at the top of serverless.yml, with underscores. */
const deployEntries = {
  region: setting(Region, 'AWS region. Default: eu-central-1.'),
  log_level: setting(picked('DEBUG', 'INFO', 'WARN', 'ERROR'), 'What the functions log. Default: INFO.'),
  log_retention_days: setting(RetentionDays, 'How many days logs are kept. Default: 30.'),
  oldest_waiting_minutes: setting(
    wholeNumber(5, 1_440),
    'An alarm is raised if an entry waits longer for its draft, in minutes. Default: 60.',
  ),
  webhook_rate_per_second: setting(rate, 'Deliveries per second, for all webhooks together. Default: 20.'),
  webhook_burst: setting(rate, 'Deliveries at once, for all webhooks together. Default: 50.'),
  webhook_concurrency: setting(
    Concurrency,
    'Reserved concurrency of receiveWebhook; none in accounts with a limit of ten. Default: 20, and none on dev.',
  ),
  alarm_email: setting(Email, 'Gets alarms by email, after AWS has asked for confirmation. Default: nobody.'),
  deletion_protection: setting(flag, 'Protects the tables from deletion. Default: true, and false on dev.'),
  console_rate_per_second: setting(rate, 'Requests per second to the console. Default: 10.'),
  console_burst: setting(rate, 'Requests to the console at once. Default: 40.'),
  permissions_boundary: setting(Boundary, 'Permissions boundary of all roles. Default: none.'),
  owner: setting(
    v.pipe(
      text('a tag'),
      v.regex(/^[\w .:/=+@-]{1,256}$/, must('a tag', 'use letters, digits and _.:/=+-@')),
    ),
    'Tag on every resource, for cost allocation. Default: unassigned.',
  ),
};

/** `deploy:` of feeds.yml and of each of its stages. */
export const DeploySection = closedMap(deployEntries);
type Written = v.InferOutput<typeof DeploySection>;

const camelCase = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The parameters of serverless.yml. */
const parametersOf = (written: Written): DeploySettings =>
  Object.fromEntries(
    Object.keys(deployEntries).flatMap((name) => {
      const value = written[name as keyof typeof deployEntries];
      return value === undefined || value === null
        ? []
        : [[camelCase(name), value === 'none' ? null : value]];
    }),
  );

type Sections = {
  deploy?: Written | null | undefined;
  stages?: Record<string, { deploy?: Written | null | undefined }> | null | undefined;
};

/** The settings of all stages and those of each stage; undefined if there are none. */
export const resolveDeploy = ({ deploy, stages }: Sections): DeployConfig | undefined => {
  const ofStages = Object.entries(stages ?? {}).flatMap(([name, stage]) =>
    stage.deploy ? [[name, parametersOf(stage.deploy)] as const] : [],
  );
  if (!deploy && ofStages.length === 0) return undefined;
  return { all: parametersOf(deploy ?? {}), byStage: Object.fromEntries(ofStages) };
};
