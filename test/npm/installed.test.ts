import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildCreate, buildMain } from '../../scripts/npm/build.ts';
import { peerRanges } from '../../scripts/npm/manifests.ts';
import { rssOf } from '../support/embedded-world.ts';
import { story } from '../support/entries.ts';
import { type LocalPublisher, localPublisher } from '../support/local-publisher.ts';
import { unzip } from '../support/unzip.ts';

// Packs both packages, and uses them in empty folders as a brand does. npm installs from its registry, so this runs in
// `npm run test:all` and in `npm run test:npm`; the peers, which take npm a minute, only in the former.
const withPeers = process.env.SAMPLE === 'all';

type Ran = { code: number; out: string; err: string };

let folder: string;
let brand: string;
let site: LocalPublisher;

/** The user's environment, without what npm and Vitest set for the scripts of this repository. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(npm_(?!config)|NODE_(ENV|OPTIONS|COMPILE_CACHE)|VITEST|INIT_CWD)/.test(name),
  ),
);
const PATH = `${dirname(process.execPath)}:${env.PATH}`;

/** Runs a program with the Node that runs the tests. */
const run = (cwd: string, program: string, ...args: string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const options = { cwd, env: { ...env, PATH, TZ: 'UTC' }, maxBuffer: 10_000_000, timeout: 200_000 };
    execFile(program, args, options, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    }).stdin?.end();
  });

const npm = async (cwd: string, ...args: string[]): Promise<string> => {
  const { code, out, err } = await run(cwd, 'npm', ...args, '--ignore-scripts', '--no-audit', '--no-fund');
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  return out;
};

/** What `npx` runs, without the half second that npx itself takes. */
const rssDrafts = (...args: string[]) => run(brand, join(brand, 'node_modules/.bin/rss-drafts'), ...args);

/** Packs a built package; returns its archive. */
const packed = async (name: string, build: (dir: string) => Promise<void>): Promise<string> => {
  await build(join(folder, name));
  const [{ filename }] = JSON.parse(
    await npm(join(folder, name), 'pack', '--json', '--pack-destination', folder),
  );
  return join(folder, filename);
};

let main: string;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'installed-')));
  brand = join(folder, 'brand');
  site = await localPublisher((_, response) =>
    response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(rssOf([story(1)])),
  );
  await mkdir(brand);
  main = await packed('rss-drafts', buildMain);
  await writeFile(join(brand, 'package.json'), '{ "private": true }');
  await npm(brand, 'install', main);
});
afterAll(async () => {
  await site[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const initArgs = ['--brand', '144', '--timezone', 'Europe/Berlin', '--disclosure', 'none'];

describe('the installed package', () => {
  it('is found by npx', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8'));

    expect(await run(brand, 'npx', '--no', '--', 'rss-drafts', '--version')).toMatchObject({
      code: 0,
      out: `${version}\n`,
    });
  });

  it('brings no other package with it, and stays below five megabytes', async () => {
    expect((await readdir(join(brand, 'node_modules'))).filter((name) => !name.startsWith('.'))).toEqual([
      'rss-drafts',
    ]);
    expect((await readFile(main)).byteLength).toBeLessThan(5_000_000);
  });

  it('creates and checks feeds.yml, previews and plans with nothing else installed', async () => {
    const feedsYml = `feeds:\n  newsroom: { url: "${site.origin}/feed.xml", allow_private: true, brand_id: 144, backfill: 1 }\n`;
    await writeFile(join(brand, 'list.opml'), opmlOf('https://www.example.com/feed.xml'));

    const created = await rssDrafts('init', '--opml', 'list.opml', ...initArgs);
    expect({ code: created.code, err: created.err }).toEqual({ code: 0, err: '' });
    const written = await readFile(join(brand, 'feeds.yml'), 'utf8');
    expect(written).toContain('npx rss-drafts check');
    expect(written).toContain('$schema=./node_modules/rss-drafts/dist/feeds.schema.json');
    const checked = await rssDrafts('check');
    expect(checked.out).toContain('feeds.yml is valid: 1 feed');

    await writeFile(join(brand, 'feeds.yml'), feedsYml);
    const previewed = await rssDrafts('preview', 'newsroom');
    const planned = await rssDrafts('plan');
    expect({ code: previewed.code, err: previewed.err }).toEqual({ code: 0, err: '' });
    expect(planned.out).toContain('The next poll would make 1 draft.');
    expect(existsSync(join(brand, '.local'))).toBe(false);
  });

  it.each([
    ['start --once', 'npm install dynalite@4 fauxqs@2 level@10'],
    ['package', 'npm install osls@4'],
    ['deploy --stage prod', 'npm install osls@4'],
  ])('exits with 2 and the line to type where %s lacks a package', async (line, remedy) => {
    const { code, err } = await rssDrafts(...line.split(' '));

    expect({ code, line: err.split('Run: ')[1]?.trim().replace(/\.$/, '') }).toEqual({
      code: 2,
      line: remedy,
    });
    expect(existsSync(join(brand, '.local'))).toBe(false);
  });

  it('refuses an older Node with a clear sentence', async () => {
    const bin = await readFile(join(brand, 'node_modules/rss-drafts/bin/rss-drafts.mjs'), 'utf8');
    await writeFile(join(folder, 'old.mjs'), bin.replaceAll('process.versions.node', '"20.20.2"'));

    expect(await run(folder, process.execPath, 'old.mjs')).toEqual({
      code: 1,
      out: '',
      err: 'rss-drafts needs Node 24 or newer; this is Node 20.20.2. Install it, for example with `nvm install 24`, then try again.\n',
    });
  });
});

describe('npm create rss-drafts', () => {
  it('creates a folder whose feeds.yml is replaced by init, and changes no existing file', async () => {
    const archive = await packed('create-rss-drafts', buildCreate);
    const away = join(folder, 'creating');
    await mkdir(away);
    await writeFile(join(away, 'package.json'), '{ "private": true }');
    await npm(away, 'install', archive);

    const create = (...args: string[]) =>
      run(away, join(away, 'node_modules/.bin/create-rss-drafts'), ...args);
    const created = await create('drafts');
    const again = await create('drafts');
    const usage = await create();

    expect({ code: created.code, err: created.err }).toEqual({ code: 0, err: '' });
    const files = (await readdir(join(away, 'drafts'), { recursive: true })).sort();
    expect(files).toEqual([
      '.github',
      '.github/workflows',
      '.github/workflows/deploy.yml',
      '.gitignore',
      'README.md',
      'feeds.yml',
      'package.json',
    ]);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('Nothing was written') });
    expect(usage).toMatchObject({ code: 2, err: 'Usage: npm create rss-drafts@latest FOLDER\n' });
    const { version } = JSON.parse(await readFile('package.json', 'utf8'));
    expect(JSON.parse(await readFile(join(away, 'drafts/package.json'), 'utf8'))).toMatchObject({
      dependencies: { 'rss-drafts': `^${version}` },
    });
    await writeFile(join(brand, 'list.opml'), opmlOf('https://www.example.com/feed.xml'));
    const config = ['--config', join(away, 'drafts/feeds.yml')];
    expect(await rssDrafts('init', '--opml', 'list.opml', ...initArgs, ...config)).toMatchObject({ code: 0 });
  });
});

describe.runIf(withPeers)('the installed package with its peers', () => {
  beforeAll(async () => {
    const peers = Object.entries(peerRanges()).map(([name, range]) => `${name}@${range}`);
    await npm(brand, 'install', ...peers);
    await writeFile(
      join(brand, 'feeds.yml'),
      `deploy: { log_retention_days: 90 }
stages: { dev: { deploy: { webhook_concurrency: 3 } } }
feeds:
  newsroom: { url: "${site.origin}/feed.xml", allow_private: true, brand_id: 144, backfill: 1 }
`,
    );
  }, 300_000);

  it('runs the service once, in the folder of the brand', async () => {
    const { code, out, err } = await rssDrafts('start', '--once', '--json');

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({ ledger: { drafted: 1 } });
    expect((await rssDrafts('list', '--json')).out).toContain('drafted');
    expect(existsSync(join(brand, '.local/dynamodb'))).toBe(true);
  });

  it('serves the console while it runs, and ends when it is asked to', async () => {
    const child = spawn(join(brand, 'node_modules/.bin/rss-drafts'), ['start'], {
      cwd: brand,
      env: { ...env, PATH },
    });
    const closed = once(child, 'close');
    let url = '';
    for await (const line of createInterface(child.stdout)) {
      url = /^ {2}console {2}(\S+)$/.exec(line)?.[1] ?? '';
      if (url !== '') break;
    }
    child.stdout.resume();

    const style = await fetch(`${url}static/console.css`);
    child.kill('SIGTERM');

    expect([style.status, style.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
    expect(await closed).toEqual([0, null]);
  });

  const archivesOf = async (stage: string): Promise<Record<string, string>> => {
    const dir = join(brand, '.rss-drafts', stage, 'dist');
    const zips = (await readdir(dir)).filter((name) => name.endsWith('.zip'));
    const hash = async (name: string) =>
      createHash('sha256')
        .update(await readFile(join(dir, name)))
        .digest('hex');
    return Object.fromEntries(await Promise.all(zips.map(async (name) => [name, await hash(name)] as const)));
  };

  it('packages a stage with feeds.yml in every archive, twice the same, byte for byte', async () => {
    const first = await rssDrafts('package', '--stage', 'dev');
    const archives = await archivesOf('dev');
    await rssDrafts('package', '--stage', 'dev');

    expect({ code: first.code, err: first.code === 0 ? '' : first.err }).toEqual({ code: 0, err: '' });
    expect(await archivesOf('dev')).toEqual(archives);
    const functions = (await readdir('functions')).map((file) => file.replace(/\.ts$/, '.zip'));
    expect(Object.keys(archives)).toEqual(functions);
    await unzip(join(brand, '.rss-drafts/dev/dist/poll-feeds.zip'), join(folder, 'unzipped'));
    expect(await readFile(join(folder, 'unzipped/feeds.json'), 'utf8')).toContain('"id":"newsroom"');
  });

  it('puts the settings of feeds.yml into the template', async () => {
    await rssDrafts('package', '--stage', 'dev', '--param', 'logLevel=DEBUG');

    const file = join(brand, '.rss-drafts/dev/.serverless/cloudformation-template-update-stack.json');
    const { Resources } = JSON.parse(await readFile(file, 'utf8'));
    expect(Resources.PollFeedsLogGroup.Properties.RetentionInDays).toBe(90);
    expect(Resources.ReceiveWebhookLambdaFunction.Properties.ReservedConcurrentExecutions).toBe(3);
    expect(Resources.PollFeedsLambdaFunction.Properties.Environment.Variables.POWERTOOLS_LOG_LEVEL).toBe(
      'DEBUG',
    );
    const { params } = parse(await readFile(join(brand, '.rss-drafts/dev/serverless.yml'), 'utf8'), {
      logLevel: 'silent',
    });
    expect(params.dev).toMatchObject({ deletionProtection: false, logRetentionDays: 90 });
  });
});

const opmlOf = (url: string) =>
  `<opml version="2.0"><body><outline text="Newsroom" type="rss" xmlUrl="${url}"/></body></opml>`;
