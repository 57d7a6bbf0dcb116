import type { Context } from 'aws-lambda';

type Event = { say?: string[]; block?: boolean; fail?: string };

/** A Lambda function for testing local runs. */
export const handler = async ({ say = [], block, fail }: Event, context: Context) => {
  for (const line of say) process.stdout.write(`${line}\n`);
  while (block); // simulates a parser in an endless loop
  if (fail) throw new Error(fail);
  return { name: context.functionName, left: context.getRemainingTimeInMillis(), env: process.env };
};
