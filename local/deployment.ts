import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { parse } from 'yaml';
import { functionFile, ourFile } from './our-files.ts';

const Sqs = v.object({ arn: v.string(), batchSize: v.number(), maximumConcurrency: v.optional(v.number()) });
const Functions = v.record(
  v.string(),
  v.object({
    timeout: v.number(),
    package: v.object({ artifact: v.string() }),
    events: v.array(v.object({ sqs: v.optional(Sqs) })),
  }),
);

/** A function as `serverless.yml` deploys it; `queue`: its event source mapping, by the queue's logical ID. */
export type Deployed = {
  name: string;
  /** URL of the file that exports `handler`. */
  file: string;
  timeoutMs: number;
  queue: { id: string; batchSize: number; concurrency: number } | null;
};

/** The maximum concurrency in a local run, as a laptop has few cores. */
const atMost = 4;

/** The functions of `serverless.yml`, so that a local run uses their deployed settings. */
export function readDeployment(): Deployed[] {
  const text = readFileSync(ourFile('serverless.yml'), 'utf8');
  const { functions } = parse(text, { logLevel: 'silent' }); // only the text of !GetAtt and similar tags is needed
  return Object.entries(v.parse(Functions, functions)).map(([name, fn]) => ({
    name,
    file: functionFile(fn.package.artifact.replace(/^dist\/(.*)\.zip$/, '$1')).href,
    timeoutMs: fn.timeout * 1000,
    queue: queueOf(fn.events.find(({ sqs }) => sqs)?.sqs),
  }));
}

const queueOf = (sqs: v.InferOutput<typeof Sqs> | undefined): Deployed['queue'] =>
  sqs
    ? {
        id: sqs.arn.replace(/\.Arn$/, ''),
        batchSize: sqs.batchSize,
        concurrency: Math.min(sqs.maximumConcurrency ?? atMost, atMost),
      }
    : null;
