import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ourAccess } from '../../local/embedded/access.ts';
import { type Outcome, startRuntimeApi } from './runtime-api.ts';

export type LambdaProcess = {
  pid: number;
  /** Resolves when the bundle is loaded and requests its first event; rejects when it cannot be loaded. */
  ready: Promise<void>;
  invoke: (event: unknown) => Promise<Outcome>;
  /** Everything printed so far. */
  printed: () => string;
  stop: () => Promise<void>;
};

type LambdaProcessOptions = {
  name: string;
  /** The folder of the unpacked bundle, whose `index.js` exports `handler`. */
  dir: string;
  env: Record<string, string>;
  timeoutMs: number;
};

const client = fileURLToPath(import.meta.resolve('aws-lambda-ric'));
const hook = fileURLToPath(new URL('./rapid-client-hook.ts', import.meta.url));

/** Lambda's default environment (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html). */
const lambdaEnv = (name: string, dir: string) => ({
  _HANDLER: 'index.handler',
  LAMBDA_TASK_ROOT: dir,
  AWS_LAMBDA_FUNCTION_NAME: name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
  AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
  AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: ourAccess().credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: ourAccess().credentials.secretAccessKey,
  AWS_SESSION_TOKEN: 'test',
  TZ: ':UTC',
});

/** Runs a bundle in its own process under AWS's runtime client, with only Lambda's environment and `env`. */
export const startLambda = async ({
  name,
  dir,
  env,
  timeoutMs,
}: LambdaProcessOptions): Promise<LambdaProcess> => {
  const functionArn = `arn:aws:lambda:eu-central-1:123456789012:function:${name}`;
  const api = await startRuntimeApi({ functionArn, timeoutMs });
  const child = spawn(process.execPath, ['--import', hook, client], {
    cwd: dir,
    env: { ...lambdaEnv(name, dir), ...env, AWS_LAMBDA_RUNTIME_API: api.address },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk) => {
      printed += chunk;
    });
  const ended = once(child, 'exit');
  const died = ended.then(() => {
    throw new Error(`${name} ended by itself:\n${printed}`);
  });
  died.catch(() => {}); // ending through `stop` is expected

  return {
    pid: child.pid as number,
    ready: Promise.race([api.ready, died]),
    invoke: (event) => Promise.race([api.invoke(event), died]),
    printed: () => printed,
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
      await api.close();
    },
  };
};
