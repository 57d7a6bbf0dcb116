import { beforeAll } from 'vitest';
import { packagedTemplate, type Resource, type Template } from './packaged.ts';

/** The packaged template, for a file's tests. */
export const wholeTemplate = () => {
  let template: Template;
  beforeAll(async () => {
    template = await packagedTemplate();
  }, 60_000);
  const resource = (id: string): Resource => {
    const found = template.Resources[id];
    if (!found) throw new Error(`no resource ${id}; there are ${Object.keys(template.Resources).join(', ')}`);
    return found;
  };
  return {
    template: () => template,
    resource,
    properties: (id: string) => resource(id).Properties,
    ofType: (type: string) => Object.entries(template.Resources).filter(([, { Type }]) => Type === type),
  };
};

export const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
export const ref = (id: string) => ({ Ref: id });
