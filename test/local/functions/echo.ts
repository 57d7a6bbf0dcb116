import type { Context } from 'aws-lambda';

type Event = { say?: string[]; block?: boolean; fail?: string };

/** A Lambda function for the tests of the local run. */
export const handler = async ({ say = [], block, fail }: Event, context: Context) => {
  for (const line of say) process.stdout.write(`${line}\n`);
  while (block); // a feed that makes a parser spin
  if (fail) throw new Error(fail);
  return { name: context.functionName, left: context.getRemainingTimeInMillis(), env: process.env };
};
