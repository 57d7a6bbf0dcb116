import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { packagedTemplate, type Template } from '../support/packaged.ts';
import { rightsOf } from '../support/rights.ts';
import { arnOf, ref, wholeTemplate } from '../support/whole-template.ts';

const { template, resource, properties, ofType } = wholeTemplate();

/** Everything that exists for the console alone. */
const ours = [
  'ConsoleLogGroup',
  'ConsoleLambdaFunction',
  'ConsoleLambdaPermissionHttpApi',
  'HttpApiIntegrationConsole',
  'HttpApiRouteDefault',
  'ConsoleRole',
  'ConsoleSecret',
  'ConsoleFailsAlarm',
];

describe('the console on AWS', () => {
  let on: Template;
  beforeAll(async () => {
    on = await packagedTemplate('--param=console=on', '--param=consoleUrl=https://drafts.example.com');
  }, 60_000);

  it('is off by default, with its function, role, secret and route', () => {
    expect(template().Conditions).toMatchObject({ HasConsole: { 'Fn::Equals': ['off', 'on'] } });
    expect(on.Conditions).toMatchObject({ HasConsole: { 'Fn::Equals': ['on', 'on'] } });
    for (const id of ours) expect([id, resource(id).Condition]).toEqual([id, 'HasConsole']);
  });

  it('leaves nothing else depending on it', () => {
    const others = Object.entries(template().Resources).filter(([id]) => !ours.includes(id));
    const refers = others.filter(([, one]) => ours.some((id) => JSON.stringify(one).includes(`"${id}"`)));

    expect(refers.map(([id]) => id)).toEqual(['HttpApiStage']); // within Fn::If: below
  });

  it('is the default route of the API, and starts its function only', () => {
    expect(properties('HttpApiRouteDefault')).toMatchObject({
      ApiId: ref('HttpApi'),
      RouteKey: '$default',
      Target: { 'Fn::Join': ['/', ['integrations', ref('HttpApiIntegrationConsole')]] },
    });
    expect(properties('HttpApiIntegrationConsole')).toMatchObject({
      IntegrationUri: arnOf('ConsoleLambdaFunction'),
      PayloadFormatVersion: '2.0',
    });
    expect(properties('ConsoleLambdaPermissionHttpApi')).toMatchObject({
      FunctionName: arnOf('ConsoleLambdaFunction'),
      Principal: 'apigateway.amazonaws.com',
    });
  });

  it('is throttled by itself, so that it takes nothing from webhooks', () => {
    expect(properties('HttpApiStage')).toMatchObject({
      RouteSettings: {
        'Fn::If': [
          'HasConsole',
          { $default: { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 40 } },
          ref('AWS::NoValue'),
        ],
      },
      StageVariables: {
        'Fn::If': ['HasConsole', { consoleRoute: ref('HttpApiRouteDefault') }, ref('AWS::NoValue')],
      },
    });
  });

  it('has a secret that no other role may read, and reads no other', () => {
    const roles = ofType('AWS::IAM::Role').map(([id]) => id);
    const secretsOf = (role: string) =>
      rightsOf(template(), role).filter((right) => right.endsWith('secretsmanager:GetSecretValue'));

    expect(secretsOf('ConsoleRole')).toEqual(['ConsoleSecret: secretsmanager:GetSecretValue']);
    expect(
      roles.filter((role) => secretsOf(role).some((right) => right.startsWith('ConsoleSecret'))),
    ).toEqual(['ConsoleRole']);
  });

  it('has its redirect address as an output: that of feeds.yml, else that of the stack', () => {
    expect(on.Outputs?.ConsoleRedirectAddress).toEqual({
      Condition: 'HasConsole',
      Value: {
        'Fn::If': [
          'HasConsoleUrl',
          'https://drafts.example.com/sign-in/callback',
          {
            'Fn::Sub': `https://\${HttpApi}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}/sign-in/callback`,
          },
        ],
      },
    });
    expect(on.Conditions).toMatchObject({
      HasConsoleUrl: { 'Fn::Not': [{ 'Fn::Equals': ['https://drafts.example.com', ''] }] },
    });
  });

  it('has an alarm of its own, only where it is', () => {
    expect(resource('ConsoleFailsAlarm')).toMatchObject({
      Condition: 'HasConsole',
      Properties: {
        MetricName: 'Errors',
        Dimensions: [{ Name: 'FunctionName', Value: { 'Fn::Sub': `\${AWS::StackName}-console` } }],
        AlarmActions: [ref('Alarms')],
      },
    });
  });
});

type Section = [name: string, content: string[]];

/** What the plugin prints for the outputs of a stack. */
const printedFor = async (outputs: Record<string, string>): Promise<Section[]> => {
  const { default: Plugin } = await import('../../infra/redirect-address.mjs');
  const printed: Section[] = [];
  const gatheredData = {
    outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
  };
  const { hooks } = new Plugin({
    pluginManager: { plugins: [{}, { gatheredData }] },
    addServiceOutputSection: (...section: Section) => void printed.push(section),
  });
  for (const print of Object.values(hooks)) print();
  return printed;
};

describe('a deploy', () => {
  it('prints the redirect address to register', async () => {
    const address = 'https://abc.execute-api.eu-central-1.amazonaws.com/sign-in/callback';

    expect(await printedFor({ HttpApiUrl: 'x', ConsoleRedirectAddress: address })).toEqual([
      ['console, redirect address to register', [address]],
    ]);
    expect(await printedFor({ HttpApiUrl: 'x' })).toEqual([]);
  });

  it('loads the plugin that prints it', async () => {
    const text = await readFile(new URL('../../serverless.yml', import.meta.url), 'utf8');

    expect(text).toContain('- ./infra/redirect-address.mjs');
  });
});
