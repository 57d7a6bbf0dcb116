import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../lib/config.ts';
import { packConfig } from '../lib/packed-config.ts';
import { signDelivery } from '../lib/webhooks/sign-delivery.ts';
import { startDynamo } from '../local/embedded/dynamo.ts';
import { startSecrets } from '../local/embedded/secrets.ts';
import { startSqs } from '../local/embedded/sqs.ts';
import { httpEvent } from '../local/http-event.ts';
import { startSandbox } from '../local/sandbox/start-sandbox.ts';
import { bundleAll } from '../scripts/bundle.ts';
import { rssOf } from '../test/support/embedded-world.ts';
import { story } from '../test/support/entries.ts';
import { type LambdaProcess, startLambda } from '../test/support/lambda-process.ts';
import { localPublisher } from '../test/support/local-publisher.ts';
import { sqsEvent } from '../test/support/sqs-event.ts';
import type { Bench } from './bench.ts';
import { cpuOf } from './support/cpu-of.ts';
import { median } from './support/median.ts';

const runs = 21;
const timeoutMs = 60_000;
const hookSecret = 'only-for-measuring';
const hello = 'exports.handler = async () => "hello";\n';

/** A bundle, what it is first asked, and the milliseconds above hello world until it asks for work that is the target. */
type Contestant = {
  name: string;
  event: (run: number) => unknown;
  env?: Record<string, string>;
  targetMs?: number;
};

const feedsYml = (feedUrl: string) =>
  `feeds: { newsroom: { url: "${feedUrl}", brand_id: 144, allow_private: true } }
webhooks: { blog: { from: ghost, secret_name: blog, feed: newsroom } }
console: { oidc: { issuer: "https://id.example.com", client_id: console }, allow: { groups: [team] } }
`;

const delivery = (run: number, webhook: Parameters<typeof signDelivery>[0]) => {
  const id = `cms-${run}`;
  const current = { id, title: `Story ${id}`, status: 'published', url: `https://www.example.com/${id}` };
  const body = Buffer.from(
    JSON.stringify({ post: { current, previous: { status: 'draft', published_at: null } } }),
  );
  const path = '/hooks/blog';
  const { headers } = signDelivery(webhook, { body, secret: hookSecret, at: Date.now(), path, id });
  return httpEvent({ method: 'POST', path, query: {}, headers, bytes: body });
};

/** Everything that a function speaks to on its first call, beside the bundles. */
const open = async () => {
  const dir = await mkdtemp(join(tmpdir(), 'cold-'));
  const publisher = await localPublisher((_, response) => {
    response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(rssOf([story(1), story(2)]));
  });
  const [dynamo, sqs, sandbox, secrets] = await Promise.all([
    startDynamo(),
    startSqs(),
    startSandbox({ token: 'a-token', brands: [144] }),
    startSecrets({
      values: { dash: 'a-token', inbound: JSON.stringify({ blog: hookSecret }), console: '{}' },
    }),
  ]);
  const config = readConfig(feedsYml(`${publisher.origin}/feed`), 'feeds.yml');
  await bundleAll(join(dir, 'dist'), packConfig(config));
  await mkdir(join(dir, 'dist/hello'));
  await writeFile(join(dir, 'dist/hello/index.js'), hello);
  return {
    dir,
    webhook: config.webhooks[0] as NonNullable<(typeof config.webhooks)[0]>,
    env: {
      AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
      AWS_ENDPOINT_URL_SQS: sqs.endpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
      FEEDS_TABLE: dynamo.tables.feeds,
      LEDGER_TABLE: dynamo.tables.ledger,
      FEEDS_QUEUE_URL: sqs.queueUrls.feeds,
      DRAFTS_QUEUE_URL: sqs.queueUrls.drafts,
      DASH_TOKEN_SECRET_ID: 'dash',
      INBOUND_SECRET_ID: 'inbound',
      CONSOLE_SECRET_ID: 'console',
      STACK_URL: 'https://abc.execute-api.eu-central-1.amazonaws.com',
      FEEDS_DEAD_LETTERS_URL: sqs.queueUrls.feedsDeadLetters,
      DRAFTS_DEAD_LETTERS_URL: sqs.queueUrls.draftsDeadLetters,
      DASH_URL: sandbox.url,
      STAGE: 'prod',
      POWERTOOLS_SERVICE_NAME: 'bench',
    },
    close: async () => {
      await publisher[Symbol.asyncDispose]();
      await Promise.all([dynamo.close(), sqs.close(), sandbox.close(), secrets.close()]);
      await rm(dir, { recursive: true });
    },
  };
};

type Opened = Awaited<ReturnType<typeof open>>;
type Times = { nextMs: number; cpuMs: number | null; responseMs: number };

/** From the start of the process to its first request for work, and to its first response. */
const startOnce = async ({ name, event, env }: Contestant, run: number, opened: Opened): Promise<Times> => {
  const bundle = name.split(',')[0] ?? name;
  const started = performance.now();
  let lambda: LambdaProcess | null = null;
  try {
    lambda = await startLambda({
      name,
      dir: join(opened.dir, 'dist', bundle),
      env: { ...opened.env, ...env },
      timeoutMs,
    });
    await lambda.ready;
    const nextMs = performance.now() - started;
    const cpuMs = cpuOf(lambda.pid);
    const outcome = await lambda.invoke(event(run));
    if ('error' in outcome) throw new Error(`${name}: ${outcome.error.errorMessage}`);
    return { nextMs, cpuMs, responseMs: performance.now() - started };
  } finally {
    await lambda?.stop();
  }
};

/** The page that tells what is missing: it is shown after the secret has been read. */
const aPage = () => httpEvent({ method: 'GET', path: '/', query: {}, headers: {}, bytes: Buffer.from('') });

const contestants = ({ dir, webhook }: Opened): Contestant[] => {
  const cached = { NODE_COMPILE_CACHE: join(dir, 'compile-cache') };
  const draft = () => sqsEvent([{ key: 'nobody', brand: 144 }]);
  return [
    { name: 'hello', event: () => ({}) },
    { name: 'receive-webhook', event: (run) => delivery(run, webhook), targetMs: 60 },
    { name: 'create-draft', event: draft, targetMs: 60 },
    { name: 'console', event: aPage, targetMs: 150 },
    { name: 'ingest-feeds', event: () => sqsEvent([{ feeds: ['newsroom'] }]), targetMs: 130 },
    {
      name: 'poll-feeds',
      event: (run) => ({ scheduledTime: new Date(1.8e12 + run * 60_000).toISOString() }),
    },
    { name: 'create-draft, warm compile cache', event: draft, env: cached },
  ];
};

type Figure = (times: Times) => number;
const next: Figure = ({ nextMs }) => nextMs;
const cpu: Figure = ({ cpuMs }) => cpuMs ?? Number.NaN;
const answer: Figure = ({ responseMs }) => responseMs;
const middle = (found: Times[], of: Figure) => median(found.map(of));
const least = (found: Times[], of: Figure) => Math.min(...found.map(of));

const rounded = (ms: number) => (Number.isNaN(ms) ? '–' : ms.toFixed(0));

const summary = (name: string, found: Times[], base: Times[], targetMs?: number) => {
  const times = [
    middle(found, next),
    middle(found, next) - middle(base, next),
    least(found, next) - least(base, next),
    middle(found, cpu) - middle(base, cpu),
  ];
  return [name, ...times.map(rounded), targetMs ?? '–', rounded(middle(found, answer))];
};

export const bench: Bench = {
  question: 'How long does a cold start take?',
  how: `Runs each built bundle as a process under AWS’s own runtime client, with a small Runtime API server: ${runs} starts of each, interleaved with a hello-world bundle. Figures are medians, and the fastest start of each. The first response is that to a real event, with emulated services.`,
  limits:
    'This machine’s CPU is not Lambda’s, so only the difference to hello world is meaningful; on Lambda, it grows as the function’s share of a CPU shrinks. All figures include the start of the process and of the runtime client. On a busy machine, only the CPU column is reliable; it comes from Linux.',
  run: async () => {
    const opened = await open();
    try {
      const all = contestants(opened);
      const found = new Map<string, Times[]>(all.map(({ name }) => [name, []]));
      for (const one of all) await startOnce(one, -1, opened); // fills caches of the disk, and the compile cache
      for (let run = 0; run < runs; run++)
        for (const one of all) found.get(one.name)?.push(await startOnce(one, run, opened));
      const base = found.get('hello') ?? [];
      return {
        tables: [
          {
            title: 'Start of the process to …, ms',
            head: [
              'bundle',
              'first request for work',
              'over hello',
              '… of the quickest',
              '… of CPU',
              'target',
              'first response',
            ],
            rows: all.map(({ name, targetMs }) => summary(name, found.get(name) ?? [], base, targetMs)),
          },
        ],
        headlines: [
          ...all
            .filter(({ targetMs }) => targetMs !== undefined)
            .map(({ name, targetMs }) => ({
              what: `cold start compared to hello world, ${name}`,
              figure: `${rounded(middle(found.get(name) ?? [], next) - middle(base, next))} ms`,
              target: `≤ ${targetMs} ms`,
            })),
          {
            what: 'a webhook’s first response after a cold start',
            figure: `${rounded(middle(found.get('receive-webhook') ?? [], answer))} ms`,
            target: '< 1,000 ms',
          },
        ],
        notes: ['Target for a webhook’s first response: under 1,000 ms.'],
      };
    } finally {
      await opened.close();
    }
  },
};
