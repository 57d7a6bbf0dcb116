import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { parse } from 'yaml';

const Functions = v.record(v.string(), v.object({ memorySize: v.number() }));

/** The memory of each function in `serverless.yml`, in megabytes, by name. */
export const functionMemory = (): Record<string, number> => {
  const text = readFileSync(new URL('../serverless.yml', import.meta.url), 'utf8');
  const { functions } = parse(text, { logLevel: 'silent' }); // only the text of !GetAtt and similar tags is needed
  return Object.fromEntries(
    Object.entries(v.parse(Functions, functions)).map(([name, { memorySize }]) => [name, memorySize]),
  );
};
