import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { budgets, overBudget } from '../../scripts/budgets.ts';
import { type Bundle, bundleAll } from '../../scripts/bundle.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

let dir: string;
let bundles: Bundle[];
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'build-'));
  bundles = await bundleAll(join(dir, 'one'), '{"feeds":[]}');
}, 60_000);
afterAll(() => rm(dir, { recursive: true, force: true }));

/** The source files of a bundle. */
const filesIn = async (name: string): Promise<string[]> =>
  JSON.parse(await readFile(join(dir, 'one', name, 'index.js.map'), 'utf8')).sources;

/** The packages in a bundle. */
const packagesIn = async (name: string) => {
  const names = (await filesIn(name)).flatMap(
    (source) => source.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? [],
  );
  return new Set(names);
};

describe('the build', () => {
  it('makes an archive with code, source map and feeds for each file in functions/', async () => {
    const files = await readdir(join(root, 'functions'));

    expect(bundles.map(({ name }) => `${name}.ts`)).toEqual(files.toSorted());
    for (const { name } of bundles)
      expect((await readdir(join(dir, 'one', name))).toSorted()).toEqual(
        [
          'feeds.json',
          'index.js',
          'index.js.map',
          ...(['ingest-feeds', 'console'].includes(name) ? ['task-worker.js', 'task-worker.js.map'] : []),
          ...(name === 'console'
            ? ['console.css', 'console.js', 'decisions.js', 'edits.js', 'icon.svg']
            : []),
        ].toSorted(),
      );
  });

  it('bundles the parsing thread with ingest-feeds', async () => {
    const bytes = Buffer.from('<rss><channel><item><title>A &amp;amp; B</title></item></channel></rss>');

    const document = { bytes, contentType: null, url: '' };
    const thread = new Worker(join(dir, 'one/ingest-feeds/task-worker.js'));
    thread.postMessage({ kind: 'identify', input: { document, before: null } });
    const [response] = await once(thread, 'message');
    await thread.terminate();

    expect(response).toMatchObject({ output: { entries: [{ entry: { title: 'A & B' } }] } });
  });

  it('is reproducible byte for byte', async () => {
    const again = await bundleAll(join(dir, 'two'), '{"feeds":[]}');

    for (const [index, { zip }] of again.entries()) {
      const [first, second] = [await readFile(bundles[index]?.zip as string), await readFile(zip)];
      expect(second.equals(first)).toBe(true);
    }
  });

  it('keeps sources out of the source maps', async () => {
    for (const { file } of bundles) {
      const map = JSON.parse(await readFile(`${file}.map`, 'utf8'));
      expect(map.sourcesContent).toBeUndefined();
    }
  });

  it.each([
    ['create-draft', ['@aws-sdk/client-sqs', 'rss-parser', 'croner', 'htmlparser2', 'yaml']],
    ['ingest-feeds', ['croner', 'yaml', 'xmlbuilder', 'liquidjs', 'rss-parser', 'htmlparser2']],
    ['receive-webhook', ['rss-parser', 'croner', 'request-filtering-agent', 'yaml', 'standardwebhooks']],
    ['send-alerts', ['liquidjs', 'rss-parser', 'croner', 'htmlparser2', 'yaml']],
    ['console', ['@aws-sdk/client-sns', '@aws-sdk/client-cloudformation', 'commander', 'rss-parser', 'yaml']],
    ['poll-feeds', ['@aws-sdk/client-sns', 'liquidjs', 'rss-parser', 'request-filtering-agent', 'yaml']],
  ])('leaves unused packages out of %s', async (name, unused) => {
    const packages = await packagesIn(name);

    expect(packages).toContain('@aws-sdk/client-dynamodb');
    expect([...unused, '@aws-sdk/credential-provider-node'].filter((one) => packages.has(one))).toEqual([]);
  });

  it.each([
    ['send-events', ['@aws-sdk/lib-dynamodb', 'request-filtering-agent', 'liquidjs', 'rss-parser', 'yaml']],
    ['deliver-events', ['@aws-sdk/util-dynamodb', 'standardwebhooks', 'liquidjs', 'rss-parser', 'yaml']],
  ])('leaves unused packages out of %s', async (name, unused) => {
    const packages = await packagesIn(name);

    expect([...unused, '@aws-sdk/client-dynamodb'].filter((one) => packages.has(one))).toEqual([]);
  });

  it('bundles what puts events on a bus with the functions for events only', async () => {
    for (const { name } of bundles)
      expect([name, (await packagesIn(name)).has('@aws-sdk/client-eventbridge')]).toEqual([
        name,
        ['send-events', 'deliver-events'].includes(name),
      ]);
  });

  it('bundles what signs people in with the console only', async () => {
    for (const { name } of bundles) {
      const packages = await packagesIn(name);
      expect([name, packages.has('openid-client'), packages.has('jose')]).toEqual([
        name,
        name === 'console',
        name === 'console',
      ]);
    }
  });

  it('bundles webhook sources with receive-webhook only, without the code for send-webhook', async () => {
    const hasFile = async (name: string, file: string) =>
      (await filesIn(name)).some((source) => source.endsWith(file));

    for (const { name } of bundles)
      expect(await hasFile(name, 'lib/webhooks/sources.ts')).toBe(name === 'receive-webhook');
    expect(await hasFile('receive-webhook', 'lib/webhooks/sign-delivery.ts')).toBe(false);
  });

  it('keeps bundles within their budgets, and budgets close to their bundles', () => {
    expect(overBudget(bundles)).toEqual([]);
    for (const { name, bytes } of bundles) expect(budgets[name]).toBeLessThan(bytes * 1.1);
  });

  it('has a budget for every bundle, and reports those over it', () => {
    expect(
      overBudget([
        { name: 'poll-feeds', bytes: 1e6 },
        { name: 'new', bytes: 1 },
      ]),
    ).toEqual([
      `poll-feeds has 1000000 bytes; its budget is ${budgets['poll-feeds']}`,
      'new has 1 bytes; its budget is 0',
    ]);
  });

  it('does no expensive work on load: no Intl object and no long pattern', async () => {
    const watch = `
      const made = [];
      for (const name of ['Segmenter', 'DateTimeFormat', 'Collator', 'NumberFormat'])
        Intl[name] = new Proxy(Intl[name], { construct: () => { throw new Error('Intl.' + name + ' is made'); } });
      RegExp = new Proxy(RegExp, {
        construct: (target, given) => {
          if (String(given[0]).length > 500 || given[1]?.includes('v')) made.push(String(given[0]).slice(0, 60));
          return Reflect.construct(target, given);
        },
      });
      require(process.argv[1]);
      console.log(JSON.stringify(made));`;

    for (const { name, file } of bundles) {
      const { stdout } = await promisify(execFile)(process.execPath, ['-e', watch, file]);
      expect({ name, made: JSON.parse(stdout) }).toEqual({ name, made: [] });
    }
  });

  it('refuses an invalid feeds.yml with every error and position, before it changes dist', async () => {
    const file = join(dir, 'wrong.yml');
    await writeFile(file, 'feeds:\n  a:\n    url: ftp://example.com/feed\n    evry: 1h\n');

    const build = promisify(execFile)(process.execPath, [join(root, 'scripts/build.ts'), file], { cwd: dir });

    await expect(build).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/wrong\.yml:3:10 .*\n.*wrong\.yml:4:5 /),
    });
    expect(await readdir(dir)).not.toContain('dist');
  });
});
