import type { Template } from './packaged.ts';

type Statement = { Effect: string; Action: string | string[]; Resource: unknown };

const list = <T>(one: T | T[]): T[] => (Array.isArray(one) ? one : [one]);

/** Its ARN is a parameter, empty by default. */
const eventBus = 'EventBus';

/** The logical ID in an ARN of the template, with `.StreamArn` for a stream, or the text of its `Fn::Sub`. */
const nameOf = (arn: unknown): string => {
  const {
    Ref,
    'Fn::GetAtt': attribute,
    'Fn::Sub': text,
    'Fn::Split': split,
  } = arn as Record<string, string & string[]>;
  if (split) return 'hooks'; // a list of ARNs from feeds.yml
  const named = attribute?.[1] === 'StreamArn' ? attribute.join('.') : attribute?.[0];
  return Ref ?? named ?? (text || eventBus);
};

/** A part of the template as it is where its condition holds. */
const whereOn = <T>(part: T): T => (part as { 'Fn::If'?: T[] })['Fn::If']?.[1] ?? part;

type Policy = { PolicyDocument: { Statement: Statement[] } };

/** Policies that are resources of their own. */
const separate = ({ Resources }: Template, role: string): Policy[] =>
  Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::IAM::RolePolicy')
    .filter(({ Properties }) => (Properties.RoleName as { Ref: string }).Ref === role)
    .map(({ Properties }) => Properties as Policy);

export const statementsOf = (template: Template, role: string): Statement[] => {
  const policies = (template.Resources[role]?.Properties.Policies ?? []) as Policy[];
  return [...policies, ...separate(template, role)].flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
};

/** A role's permissions, sorted, one per line: `FeedsTable: dynamodb:GetItem`. */
export const rightsOf = (template: Template, role: string): string[] =>
  statementsOf(template, role)
    .flatMap(({ Action, Resource }) =>
      list(Resource)
        .map(whereOn)
        .flatMap((one) => list(Action).map((action) => `${nameOf(one)}: ${action}`)),
    )
    .toSorted();
