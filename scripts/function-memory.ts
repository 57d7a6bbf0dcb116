import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { parse } from 'yaml';

const Functions = v.record(v.string(), v.object({ memorySize: v.number() }));

/** Megabytes that each function of `serverless.yml` is given, by its name. */
export const functionMemory = (): Record<string, number> => {
  const text = readFileSync(new URL('../serverless.yml', import.meta.url), 'utf8');
  const { functions } = parse(text, { logLevel: 'silent' }); // of !GetAtt and its like only the text is needed
  return Object.fromEntries(
    Object.entries(v.parse(Functions, functions)).map(([name, { memorySize }]) => [name, memorySize]),
  );
};
