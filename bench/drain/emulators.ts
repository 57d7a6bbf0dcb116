import { parentPort, workerData } from 'node:worker_threads';
import { startDynamo } from '../../local/embedded/dynamo.ts';
import { startSqs } from '../../local/embedded/sqs.ts';
import { startSandbox } from '../../local/sandbox/start-sandbox.ts';
import { fastTime } from './fast-time.ts';

// A thread of its own for what is not measured: AWS's tables and queues, and Dash Social, emulated.
export type Asked = {
  brand: number;
  token: string;
  perMinute: number;
  latencyMs: number;
  factor: number;
  epoch: number;
};
/** `drained`: what the sandbox has seen. Times are those of the fast clock. */
export type Told =
  | { is: 'open'; dynamo: string; sqs: string; draftsQueueUrl: string; dash: string }
  | { is: 'seen'; posts: { at: number; status: number | null }[] };
export type Order = 'down' | 'up' | 'tell';

const { brand, token, perMinute, latencyMs, factor, epoch } = workerData as Asked;
const { clock, real } = fastTime(factor, epoch);
const [dynamo, sqs, sandbox] = await Promise.all([
  startDynamo(),
  startSqs(),
  startSandbox({ token, brands: [brand], clock, rateLimit: perMinute }),
]);
const behave = () => {
  sandbox.clearFaults();
  if (latencyMs > 0) sandbox.fail({ kind: 'slow', ms: real(latencyMs) });
};

const orders: Record<Order, () => void> = {
  up: behave,
  down: () => {
    sandbox.clearFaults();
    sandbox.fail({ kind: 'unavailable-503', on: 'all' });
  },
  tell: () => {
    const created = sandbox.requests().filter(({ method }) => method === 'POST');
    tell({ is: 'seen', posts: created.map(({ at, status }) => ({ at, status })) });
  },
};

const tell = (told: Told) => parentPort?.postMessage(told);

behave();
parentPort?.on('message', (order: Order) => orders[order]());
tell({
  is: 'open',
  dynamo: dynamo.endpoint,
  sqs: sqs.endpoint,
  draftsQueueUrl: sqs.queueUrls.drafts,
  dash: sandbox.url,
});
