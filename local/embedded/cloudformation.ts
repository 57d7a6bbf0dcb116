import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { ourFile } from '../our-files.ts';

type Resource = { Type: string; Properties?: Record<string, unknown> };

/**
 * The resources of one type in a file in `infra/`, by logical ID. CloudFormation's short functions become plain text:
 * `!GetAtt Queue.Arn` is 'Queue.Arn'.
 */
export const readResources = (file: string, type: string): Map<string, Resource> => {
  const text = readFileSync(ourFile(`infra/${file}`), 'utf8');
  const { Resources } = parse(text, { logLevel: 'silent' }) as { Resources: Record<string, Resource> };
  return new Map(Object.entries(Resources).filter(([, resource]) => resource.Type === type));
};
