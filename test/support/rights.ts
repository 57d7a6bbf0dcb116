import type { Template } from './packaged.ts';

type Statement = { Effect: string; Action: string | string[]; Resource: unknown };

const list = <T>(one: T | T[]): T[] => (Array.isArray(one) ? one : [one]);

/** The logical ID in an ARN of the template, or the text of its `Fn::Sub`. */
const nameOf = (arn: unknown): string => {
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Sub': text } = arn as Record<string, string & string[]>;
  return Ref ?? attribute?.[0] ?? (text as string);
};

type Policy = { PolicyDocument: { Statement: Statement[] } };

export const statementsOf = ({ Resources }: Template, role: string): Statement[] => {
  const policies = (Resources[role]?.Properties.Policies ?? []) as Policy[];
  return policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
};

/** A role's permissions, sorted, one per line: `FeedsTable: dynamodb:GetItem`. */
export const rightsOf = (template: Template, role: string): string[] =>
  statementsOf(template, role)
    .flatMap(({ Action, Resource }) =>
      list(Resource).flatMap((one) => list(Action).map((action) => `${nameOf(one)}: ${action}`)),
    )
    .toSorted();
