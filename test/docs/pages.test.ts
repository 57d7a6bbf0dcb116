import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { needsFixing, samplesOf } from '../../cli/caption-samples.ts';
import { readConfig } from '../../lib/config.ts';
import { renderTemplate } from '../../lib/core/captions/template.ts';
import { templateFilters } from '../../lib/core/captions/template-filters.ts';
import { templateVariables } from '../../lib/core/captions/template-values.ts';
import { cliOver, fakeTarget } from '../support/cli.ts';
import { rssOf } from '../support/embedded-world.ts';
import { story } from '../support/entries.ts';
import { type LocalPublisher, localPublisher } from '../support/local-publisher.ts';

const readOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const read = (name: string) => readOf(`docs/${name}`);
const blocks = (page: string, language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, text = '']) => text,
  );

/** The rows of the table whose first two columns are code. */
const rowsOf = (page: string) =>
  [...page.matchAll(/^\| `((?:[^`|]|\\\|)+)` \| `([^`|]+)` \|$/gm)].map(
    ([, template = '', makes = '']) => [template.replaceAll('\\|', '|'), makes] as const,
  );

const pages = ['captions.md', 'rules.md'];
let folder: string;
let site: LocalPublisher;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'docs-'));
  site = await localPublisher((_, response) => response.end(rssOf([story(1, { title: 'A launch' })])));
});
afterAll(async () => {
  await site[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

describe.each(pages)('docs/%s', (name) => {
  const page = read(name);
  const [file = ''] = blocks(page, 'yaml');
  const commands = blocks(page, 'sh').flatMap((block) => block.trim().split('\n'));

  it('shows a valid feeds.yml', () => {
    expect(readConfig(file, 'feeds.yml').feeds).toMatchObject([{ id: 'newsroom', brandId: 144 }]);
  });

  it.each(commands)('has a working command: %s', async (command) => {
    const config = join(folder, name.replace('.md', '.yml'));
    const here = `url: ${site.origin}/feed.xml\n    allow_private: true`;
    writeFileSync(config, file.replace('url: https://www.example.com/feed.xml', here));
    const line = command.replace('npm run -s cli -- ', '');

    const ran = await cliOver(fakeTarget())(`${line} --config ${config}`, { clock: Date.now });

    expect({ code: ran.code, err: ran.err }).toEqual({ code: 0, err: '' });
  });
});

describe('docs/captions.md', () => {
  const page = read('captions.md');
  const entry = parse(blocks(page, 'yaml').at(-1) ?? '');

  it.each(rowsOf(page))('correctly shows what %s renders to', (template, makes) => {
    expect(renderTemplate(template, entry, 'Europe/Berlin')).toBe(makes);
  });

  it('mentions every custom filter and every variable', () => {
    const examples = rowsOf(page)
      .map(([template]) => template)
      .join('\n');

    expect(Object.keys(templateFilters).filter((name) => !examples.includes(name))).toEqual([]);
    expect(templateVariables.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('a caption in the docs', () => {
  const configs = [
    ...['README.md', ...pages.map((name) => `docs/${name}`)].flatMap((path) =>
      blocks(readOf(path), 'yaml')
        .filter((block) => block.includes('feeds:'))
        .map((block) => [path, block]),
    ),
    ['feeds.yml without comment marks', readOf('feeds.yml').replaceAll(/^( *)# (?!#|yaml-)/gm, '$1')],
  ];

  it.each(configs)('passes TikTok’s rules, such as at most five hashtags: %s', (_, text = '') => {
    const samples = samplesOf(readConfig(text, 'feeds.yml'), Date.UTC(2026, 0, 1), []);

    expect(samples.length).toBeGreaterThan(0);
    expect(samples.filter(needsFixing)).toEqual([]);
  });
});
