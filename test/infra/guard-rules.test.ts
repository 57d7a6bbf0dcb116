import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packagedTemplate, type Resource, type Template } from '../support/packaged.ts';

// Runs cfn-guard with the binary of the CDK's validator.
const validator = dirname(fileURLToPath(import.meta.resolve('@cdklabs/cdk-validator-cfnguard/package.json')));
const system = platform() === 'darwin' ? 'macos' : 'ubuntu';
const binary = join(validator, 'bin', system, arch() === 'arm64' ? 'aarch64' : 'x86_64', 'cfn-guard');
const rulesFile = fileURLToPath(new URL('../../infra/rules.guard', import.meta.url));

let dir: string;
let template: Template;
let rules: string[];
beforeAll(async () => {
  [dir, template] = await Promise.all([mkdtemp(join(tmpdir(), 'guard-')), packagedTemplate()]);
  rules = [...(await readFile(rulesFile, 'utf8')).matchAll(/^rule (\w+)/gm)].map(
    ([, name]) => name as string,
  );
}, 60_000);
afterAll(() => rm(dir, { recursive: true, force: true }));

type Report = { not_compliant: { Rule: { name: string } }[]; compliant: string[] };

const validate = async (given: Template): Promise<Report> => {
  const file = join(dir, 'template.json');
  await writeFile(file, JSON.stringify(given));
  const asked = ['validate', '--rules', rulesFile, '--data', file];
  const options = ['--structured', '--output-format', 'json', '--show-summary', 'none'];
  const run = promisify(execFile)(binary, [...asked, ...options]);
  const { stdout } = await run.catch((error: { stdout: string; stderr: string }) => {
    if (!error.stdout) throw new Error(`cfn-guard cannot read the rules: ${error.stderr}`);
    return error;
  });
  return (JSON.parse(stdout) as Report[])[0] as Report;
};

const broken = ({ not_compliant }: Report) => not_compliant.map(({ Rule }) => Rule.name);

type Change = (resource: Resource & { Properties: Record<string, never> }) => void;
/** The first resource of a type, or the one with a name, in a template of its own, which is quick to validate. */
const oneOf = ({ Resources }: Template, type: string) => {
  const [id, resource] =
    Object.entries(Resources).find(([id, { Type }]) => Type === type || id === type) ?? [];
  if (!id || !resource) throw new Error(`the template has no ${type}`);
  const copy = structuredClone(resource) as Parameters<Change>[0];
  return { resource: copy, template: { Resources: { [id]: copy } } };
};

/** A change that breaks each rule, in the first resource of a type. */
const breaks: Record<string, [type: string, Change]> = {
  tables_are_retained: ['AWS::DynamoDB::Table', (table) => delete table.DeletionPolicy],
  tables_use_the_aws_owned_key: [
    'AWS::DynamoDB::Table',
    ({ Properties }) => Object.assign(Properties, { SSESpecification: { SSEEnabled: true } }),
  ],
  tables_are_recoverable: [
    'AWS::DynamoDB::Table',
    ({ Properties }) => delete Properties.PointInTimeRecoverySpecification,
  ],
  tables_are_on_demand: [
    'AWS::DynamoDB::Table',
    ({ Properties }) => Object.assign(Properties, { BillingMode: 'PROVISIONED' }),
  ],
  queues_are_encrypted: ['AWS::SQS::Queue', ({ Properties }) => delete Properties.SqsManagedSseEnabled],
  queues_set_a_retention_period: [
    'AWS::SQS::Queue',
    ({ Properties }) => delete Properties.MessageRetentionPeriod,
  ],
  secrets_are_retained_and_named_by_stage: [
    'AWS::SecretsManager::Secret',
    ({ Properties }) => Object.assign(Properties, { Name: 'dash-token' }),
  ],
  secrets_have_no_value_in_the_template: [
    'AWS::SecretsManager::Secret',
    ({ Properties }) => Object.assign(Properties, { SecretString: 'x' }),
  ],
  functions_are_small_and_current: [
    'AWS::Lambda::Function',
    ({ Properties }) => Object.assign(Properties, { Runtime: 'nodejs20.x' }),
  ],
  stream_mappings_report_item_failures_and_select_records: [
    'SendEventsEventSourceMappingDynamodbLedgerTable',
    ({ Properties }) => delete Properties.FilterCriteria,
  ],
  role_policies_have_no_wildcards: [
    'AWS::IAM::RolePolicy',
    ({ Properties }) =>
      Object.assign(Properties, {
        PolicyDocument: { Statement: [{ Action: 'events:*', Resource: 'a' }] },
      }),
  ],
  queue_mappings_report_item_failures_and_limit_concurrency: [
    'IngestFeedsEventSourceMappingSQSFeedsQueue',
    ({ Properties }) => delete Properties.ScalingConfig,
  ],
  log_groups_expire: ['AWS::Logs::LogGroup', ({ Properties }) => delete Properties.RetentionInDays],
  roles_have_a_boundary_and_no_wildcards: [
    'AWS::IAM::Role',
    ({ Properties }) =>
      Object.assign(Properties, {
        Policies: [{ PolicyDocument: { Statement: [{ Action: 'sqs:*', Resource: 'a' }] } }],
      }),
  ],
  alarms_notify: ['AWS::CloudWatch::Alarm', ({ Properties }) => delete Properties.AlarmActions],
  buckets_block_public_access: [
    'AWS::S3::Bucket',
    ({ Properties }) => delete Properties.PublicAccessBlockConfiguration,
  ],
  schedules_limit_retries_and_keep_dead_letters: [
    'AWS::Scheduler::Schedule',
    ({ Properties }) => Object.assign(Properties, { Target: {} }),
  ],
};

describe('the rules of infra/rules.guard', () => {
  it('pass for the template, and each applies to some resource', async () => {
    const report = await validate(template);

    expect(broken(report)).toEqual([]);
    expect(report.compliant.toSorted()).toEqual(rules.toSorted());
  });

  it('each have a breaking change here', () => {
    expect(Object.keys(breaks).toSorted()).toEqual(rules.toSorted());
  });

  it.each(Object.entries(breaks))('%s: refuses a template that breaks it', async (rule, [type, change]) => {
    const { resource, template: worse } = oneOf(template, type);
    expect(broken(await validate(worse))).toEqual([]);
    change(resource);

    const report = await validate(worse);

    expect(broken(report)).toEqual([rule]);
  });
});

describe('stateful resources', () => {
  const kinds = ['DynamoDB::Table', 'SQS::Queue', 'SecretsManager::Secret', 'SNS::Topic'];

  // CloudFormation replaces a renamed resource, for example a full table with an empty one.
  it('keep the logical names recorded in infra/stateful.json', async () => {
    const file = new URL('../../infra/stateful.json', import.meta.url);
    const recorded = JSON.parse(await readFile(file, 'utf8'));

    const stateful = Object.entries(template.Resources)
      .filter(([, { Type }]) => kinds.includes(Type.replace('AWS::', '')))
      .map(([id, { Type }]) => [id, Type]);

    expect(Object.fromEntries(stateful)).toEqual(recorded);
  });

  it.each(['LedgerTable', 'FeedsTable'])('%s can be deleted only on the dev stage', async (table) => {
    const prod = await packagedTemplate('--stage', 'prod');

    expect(template.Resources[table]?.Properties.DeletionProtectionEnabled).toBe(false);
    expect(prod.Resources[table]?.Properties.DeletionProtectionEnabled).toBe(true);
  });
});

describe('a permissions boundary', () => {
  it('is on no role by default, and on every role when given', async () => {
    const arn = 'arn:aws:iam::123456789012:policy/boundary';
    const bounded = await packagedTemplate('--param', `permissionsBoundary=${arn}`);

    const roles = Object.values(bounded.Resources).filter(({ Type }) => Type === 'AWS::IAM::Role');
    expect(template.Conditions?.HasBoundary).toEqual({ 'Fn::Not': [{ 'Fn::Equals': ['', ''] }] });
    for (const { Properties } of roles)
      expect(Properties.PermissionsBoundary).toEqual({
        'Fn::If': ['HasBoundary', arn, { Ref: 'AWS::NoValue' }],
      });
  });
});
