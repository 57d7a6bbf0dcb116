import type { Template } from './packaged.ts';

const optional = ['HasConsole', 'HasEnrich', 'HasEnrichFunctions', 'HasEvents', 'HasEventBus'];

/** The template as CloudFormation resolves it with everything that feeds.yml may switch on, or with none of it. */
export const resolved = (template: Template, isOn: boolean): Template => {
  const kept = Object.entries(template.Resources).filter(
    ([, { Condition }]) => isOn || !optional.includes(String(Condition)),
  );
  const Resources = JSON.parse(JSON.stringify(Object.fromEntries(kept)), (_, value) =>
    optional.includes(value?.['Fn::If']?.[0]) ? value['Fn::If'][isOn ? 1 : 2] : value,
  );
  return { ...template, Resources };
};
