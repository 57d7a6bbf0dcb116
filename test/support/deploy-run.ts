import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** What a test may change; everything else is a link to this repository. */
const own = ['feeds.yml', 'package.json', 'package-lock.json', 'scripts', 'serverless.yml'];
const notThere = ['.git', 'dist', '.serverless', '.local', '.ci', '.github', 'test'];

type DeployRun = { code: number | null; printed: string; askedAws: string[] };

/** A proxy that refuses and records connections. */
const startProxy = async () => {
  const asked: string[] = [];
  const { promise: first, resolve } = Promise.withResolvers<void>();
  const server = createServer();
  server.on('connect', ({ url = '' }, socket) => {
    if (url.includes('amazonaws.com')) {
      asked.push(url);
      resolve();
    }
    socket.on('error', () => {}); // the client is killed soon
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, first, server };
};

const git = (dir: string, ...given: string[]) =>
  promisify(execFile)('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...given], { cwd: dir });

/** A copy of this project in its own repository, with one commit. */
export const projectCopy = async () => {
  const dir = await mkdtemp(join(tmpdir(), 'project-'));
  for (const name of await readdir(root)) {
    if (own.includes(name)) await cp(join(root, name), join(dir, name), { recursive: true });
    else if (!notThere.includes(name)) await symlink(join(root, name), join(dir, name));
  }
  await git(dir, 'init', '-q');
  await git(dir, 'add', ...own);
  await git(dir, 'commit', '-q', '-m', 'All of it');
  await git(dir, 'tag', 'first');
  return {
    change: async (file: string, change: (text: string) => string) =>
      writeFile(join(dir, file), change(await readFile(join(dir, file), 'utf8'))),
    commit: () => git(dir, 'commit', '-q', '-a', '-m', 'A change'),
    /** Restores the first commit. */
    restore: () => git(dir, 'reset', '-q', '--hard', 'first'),
    /** Runs `npm run deploy -- --stage prod` until it ends or first connects to AWS. */
    deploy: () => deployIn(dir),
    remove: () => rm(dir, { recursive: true }),
  };
};

const deployIn = async (dir: string): Promise<DeployRun> => {
  const proxy = await startProxy();
  const child = spawn('npm', ['run', '-s', 'deploy', '--', '--stage', 'prod'], {
    cwd: dir,
    detached: true, // its own process group, to be killed as a whole
    env: {
      PATH: process.env.PATH,
      HOME: dir, // without any user's settings or credentials
      HTTPS_PROXY: proxy.url,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      npm_config_update_notifier: 'false',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk) => {
      printed += chunk;
    });
  const ended = once(child, 'close');
  await Promise.race([ended, proxy.first]);
  if (child.exitCode === null) process.kill(-(child.pid as number), 'SIGKILL');
  await ended;
  proxy.server.closeAllConnections();
  proxy.server.close();
  return { code: child.exitCode, printed, askedAws: proxy.asked };
};
