import { parentPort, workerData } from 'node:worker_threads';
import { type Access, ourAccess } from '../../local/embedded/access.ts';
import { startSqs } from '../../local/embedded/sqs.ts';
import { startSandbox } from '../../local/sandbox/start-sandbox.ts';
import { fastTime } from './fast-time.ts';

/** Milliseconds of the accelerated clock. */
export type Asked = {
  brand: number;
  token: string;
  perMinute: number;
  latencyMs: number;
  factor: number;
  epoch: number;
};
export type SeenPost = { at: number; status: number | null };
export type Told =
  | { is: 'open'; sqs: { endpoint: string } & Access; draftsQueueUrl: string; dash: string }
  | { is: 'seen'; posts: SeenPost[] };

// Runs what is not measured in its own thread: the queue and Dash Social. It reports what it received on request.
const { brand, token, perMinute, latencyMs, factor, epoch } = workerData as Asked;
const { clock, real } = fastTime(factor, epoch);
const sqs = await startSqs();
const sandbox = await startSandbox({ token, brands: [brand], clock, rateLimit: perMinute });
if (latencyMs > 0) sandbox.fail({ kind: 'slow', ms: real(latencyMs) });

const tell = (told: Told) => parentPort?.postMessage(told);
parentPort?.on('message', () =>
  tell({
    is: 'seen',
    posts: sandbox
      .requests()
      .filter(({ method }) => method === 'POST')
      .map(({ at, status }) => ({ at, status })),
  }),
);
tell({
  is: 'open',
  sqs: { endpoint: sqs.endpoint, ...ourAccess() },
  draftsQueueUrl: sqs.queueUrls.drafts,
  dash: sandbox.url,
});
