import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { settingsAt } from '../../../cli/stack-folder.ts';
import { readConfig } from '../../../lib/config.ts';
import { DeploySection } from '../../../lib/core/config/file/deploy-file.ts';
import { packConfig } from '../../../lib/packed-config.ts';

const read = (text: string) => readConfig(`feeds: {}\n${text}`, 'feeds.yml');

describe('deploy in feeds.yml', () => {
  it('sets parameters of serverless.yml, and a stage replaces them', () => {
    const config = read(`
deploy: { region: us-east-1, alarm_email: team@example.com, webhook_concurrency: 5 }
stages: { dev: { deploy: { webhook_concurrency: none, deletion_protection: false } } }`);

    expect(settingsAt(config, 'prod')).toEqual({
      region: 'us-east-1',
      alarmEmail: 'team@example.com',
      webhookConcurrency: 5,
    });
    expect(settingsAt(config, 'dev')).toEqual({
      region: 'us-east-1',
      alarmEmail: 'team@example.com',
      webhookConcurrency: null,
      deletionProtection: false,
    });
    expect(settingsAt(read(''), 'prod')).toEqual({});
  });

  it('has a setting for each parameter that the build does not write', () => {
    const { params } = parse(readFileSync(new URL('../../../serverless.yml', import.meta.url), 'utf8'), {
      logLevel: 'silent',
    }) as { params: { default: Record<string, unknown> } };
    const parameters = Object.entries(params.default).flatMap(([name, value]) =>
      String(value).startsWith('${file(dist/deploy.json)') ? [] : [name],
    );
    const written = Object.keys(DeploySection.pipe[1].entries);

    expect(
      written.map((name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase())).toSorted(),
    ).toEqual(parameters.toSorted());
  });

  it('does not change the archives', () => {
    expect(packConfig(read('deploy: { alarm_email: team@example.com }'))).toBe(packConfig(read('')));
  });

  it.each([
    ['region: europe', 'deploy.region must be an AWS region'],
    [
      'log_retention_days: 31',
      'deploy.log_retention_days must be a number of days that CloudWatch Logs offers',
    ],
    ['alarm_email: team', 'deploy.alarm_email must be an email address'],
    ['webhook_concurrency: 0', 'deploy.webhook_concurrency must be a whole number from 1 to 1000'],
    ['permissions_boundary: mine', 'deploy.permissions_boundary must be the ARN of a policy'],
    ['memory: 512', 'deploy.memory is not a setting'],
  ])('is refused: %s', (setting, message) => {
    expect(() => read(`deploy: { ${setting} }`)).toThrow(message);
  });
});
