/** A policy statement, with the elements that ours use. */
export type Statement = {
  Sid: string;
  Effect: 'Allow' | 'Deny';
  Action: string | string[];
  Resource: string | string[];
  Condition?: Partial<Record<'StringEquals' | 'StringLike' | 'Bool', Record<string, string | string[]>>>;
};

export type Question = { action: string; resource: string; context?: Record<string, string> };

const list = <T>(one: T | T[]): T[] => (Array.isArray(one) ? one : [one]);

const likePattern = (pattern: string) =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  );

const equals = (pattern: string, value: string) => pattern === value;
const like = (pattern: string, value: string) => likePattern(pattern).test(value);

const holds = ({ Condition = {} }: Statement, context: Record<string, string>): boolean =>
  Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      const value = context[key];
      const matches = operator === 'StringLike' ? like : equals;
      return value !== undefined && list(wanted).some((one) => matches(one, value));
    }),
  );

const applies = (statement: Statement, { action, resource, context = {} }: Question): boolean =>
  list(statement.Action).some((one) => like(one.toLowerCase(), action.toLowerCase())) &&
  list(statement.Resource).some((one) => like(one, resource)) &&
  holds(statement, context);

/**
 * IAM's decision about a request: an explicit denial wins, then an allowance; otherwise the request is denied
 * implicitly (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
 */
export const decide = (
  statements: Statement[],
  asked: Question,
): 'denied explicitly' | 'allowed' | 'denied' => {
  const applying = statements.filter((statement) => applies(statement, asked));
  if (applying.some(({ Effect }) => Effect === 'Deny')) return 'denied explicitly';
  return applying.some(({ Effect }) => Effect === 'Allow') ? 'allowed' : 'denied';
};
