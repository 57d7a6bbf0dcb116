import type { Template } from './packaged.ts';

/** The template as CloudFormation resolves it with or without a console. */
export const resolved = (template: Template, hasConsole: boolean): Template => {
  const kept = Object.entries(template.Resources).filter(
    ([, { Condition }]) => hasConsole || Condition !== 'HasConsole',
  );
  const Resources = JSON.parse(JSON.stringify(Object.fromEntries(kept)), (_, value) =>
    value?.['Fn::If']?.[0] === 'HasConsole' ? value['Fn::If'][hasConsole ? 1 : 2] : value,
  );
  return { ...template, Resources };
};
