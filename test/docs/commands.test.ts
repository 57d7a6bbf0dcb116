import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installedCommands } from '../../cli/installed-commands.ts';
import { runCli } from '../../cli/program.ts';
import { readConfig } from '../../lib/config.ts';
import { parseOptions } from '../../local/options.ts';
import { cliOver, fakeTarget, fakeTerminal } from '../support/cli.ts';
import { rssOf } from '../support/embedded-world.ts';
import { story } from '../support/entries.ts';
import { type LocalPublisher, localPublisher } from '../support/local-publisher.ts';
import { anEntryRow } from '../support/store-rows.ts';

// Every line of every `sh` block of these pages is run with an in-memory target, or, if marked `sh parsed`, checked
// against the existing commands and options.
const pages = ['first-feed.md', 'console.md', 'one-machine.md', 'troubleshooting.md', 'what-is-stored.md'];
/** Pages with commands of other programs too; only ours are run, with the same target. */
const mixed = ['aws.md', 'polling.md', 'webhooks/README.md', 'workflows/README.md'];
const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
const blocks = (page: string, language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, text = '']) => text,
  );
const linesOf = (page: string, language: string) =>
  blocks(page, language).flatMap((block) => block.trim().split('\n'));

const cliLine = /^npm run -s cli -- (.*?)(?: [<>] \S+)?$/;
let folder: string;
let site: LocalPublisher;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'docs-'));
  site = await localPublisher((_, response) => response.end(rssOf([story(1)])));
  const feed = `{ url: "${site.origin}/feed.xml", allow_private: true, brand_id: 144 }`;
  writeFileSync(join(folder, 'feeds.yml'), `feeds:\n  newsroom: ${feed}\n`);
});
afterAll(async () => {
  await site[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** A target with an entry in each state that the pages mention. */
const targetOfDocs = () => {
  const config = readConfig(readFileSync(join(folder, 'feeds.yml')), 'feeds.yml');
  const target = fakeTarget({ config: () => config });
  const rows = [
    anEntryRow({ key: 'k1' }),
    anEntryRow({ key: 'k2', state: 'held', link: null, wakeAt: null }),
    anEntryRow({ key: 'k3', state: 'uncertain', link: null, wakeAt: null }),
    anEntryRow({ key: 'k4', state: 'rejected', link: null, wakeAt: null }),
  ];
  for (const row of rows) target.stores.ledger.rows.set(row.key, row);
  return target;
};

const runnable = pages.flatMap((name) => linesOf(read(name), 'sh').map((line) => [name, line] as const));
/** Storing secrets needs a vault, which the in-memory target lacks; `secret set` has its own tests. */
const ofMixed = mixed
  .flatMap((name) => linesOf(read(name), 'sh').map((line) => [name, line] as const))
  .filter(([, line]) => cliLine.test(line) && !line.includes(' secret set '));
const parsed = pages.flatMap((name) => linesOf(read(name), 'sh parsed').map((line) => [name, line] as const));

describe('a command in the docs', () => {
  it.each([...runnable, ...ofMixed])('in %s works: %s', async (_, line) => {
    const [, words = ''] = cliLine.exec(line) ?? [];
    const here = words.replace(/ --(config|data) \S+/g, '');

    const ran = await cliOver(targetOfDocs())(
      `${here} --config ${join(folder, 'feeds.yml')} --data ${join(folder, 'data')}`,
      { clock: Date.now, input: 'https://hooks.example.com/x' },
    );

    expect(words).not.toBe('');
    expect({ err: ran.err, out: ran.out.length > 0 }).toEqual({ err: '', out: true });
    // The doctor exits with 1 when a check fails, which is expected with the in-memory target.
    expect(words.startsWith('doctor') ? [0, 1] : [0]).toContain(ran.code);
  });

  it.each(parsed)('in %s exists: %s', async (_, line) => {
    const start = /^(?:[A-Z_]+=\S+ )?npm (?:-s )?start -- (.*)$/.exec(line);
    if (start) {
      expect(parseOptions((start[1] ?? '').split(' '), { DASH_SOCIAL_TOKEN: 'x' }).config).toBe('feeds.yml');
      return;
    }
    const [verb = '', ...words] = (cliLine.exec(line)?.[1] ?? '').split(' ');
    const { code, out } = await cliOver(fakeTarget())(`${verb} --help`);

    expect(code).toBe(0);
    for (const option of words.filter((word) => word.startsWith('--'))) expect(out).toContain(option);
  });
});

describe('docs/package.md', () => {
  const lines = linesOf(read('package.md'), 'sh').filter((line) => line.startsWith('npx '));

  it.each(lines)('has an existing command: %s', async (line) => {
    const [, verb = '', ...words] = line.split(' ').slice(1);
    const terminal = fakeTerminal();

    expect(await runCli([verb, '--help'], terminal, undefined, installedCommands)).toBe(0);
    for (const option of words.filter((word) => /^--(?!param)/.test(word)))
      expect(terminal.heard.out).toContain(option);
  });

  it('names every command that only the npm package has', () => {
    const terminal = fakeTerminal();
    const names = installedCommands({ terminal, openTarget: async () => fakeTarget(), endWith: () => {} });

    for (const command of names) expect(read('package.md')).toContain(`\`npx rss-drafts ${command.name()}`);
  });
});

describe('a feeds.yml in the docs', () => {
  const files = [...pages, 'captions.md', 'package.md', 'rules.md'].flatMap((name) =>
    blocks(read(name), 'yaml').filter((block) => block.includes('feeds:')),
  );

  it.each(files)('is valid', (file) => {
    expect(readConfig(file, 'feeds.yml').feeds).toMatchObject([{ id: 'newsroom', brandId: 144 }]);
  });
});

describe('the README', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const scripts: Record<string, string> = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ).scripts;
  const lines = linesOf(readme, 'sh').map((line) => line.replace(/\s+#.*$/, ''));

  it.each(lines)('has an existing command: %s', async (line) => {
    for (const command of line.split(' && ')) {
      const start = /^(?:[A-Z_]+=\S+ )?npm (?:-s )?start(?: -- (.*))?$/.exec(command);
      const [, words] = cliLine.exec(command) ?? [];
      if (start) parseOptions((start[1] ?? '').split(' ').filter(Boolean), { DASH_SOCIAL_TOKEN: 'x' });
      else if (words) expect((await cliOver(fakeTarget())(`${words.split(' ')[0]} --help`)).code).toBe(0);
      else if (command !== 'npm ci')
        expect(Object.keys(scripts)).toContain(/^npm run (\S+)/.exec(command)?.[1]);
    }
  });

  it('links to the index, which links to every page', () => {
    const index = read('README.md');

    expect(readme).toContain('](docs/README.md)');
    const all = readdirSync(new URL('../../docs/', import.meta.url)).filter((name) =>
      /^[a-z].*\.md$/.test(name),
    );
    expect(all).toEqual(expect.arrayContaining(pages));
    expect(all.filter((page) => !index.includes(`](${page})`))).toEqual([]);
  });
});
