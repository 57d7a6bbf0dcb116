import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../cli/program.ts';
import { fakeTerminal } from './support/cli.ts';

// Commands and files named in the documentation exist.

const root = fileURLToPath(new URL('..', import.meta.url));
type Page = { name: string; text: string };

let pages: Page[];
let scripts: string[];
beforeAll(async () => {
  const inDocs = (await readdir(join(root, 'docs'), { recursive: true })).filter((name) =>
    name.endsWith('.md'),
  );
  const names = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...inDocs.map((name) => join('docs', name))];
  pages = await Promise.all(
    names.map(async (name) => ({ name, text: await readFile(join(root, name), 'utf8') })),
  );
  scripts = Object.keys(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')).scripts);
});

/** The first group of each match, with its page; each pair once. */
const mentions = (pattern: RegExp): [page: string, what: string][] => {
  const all = pages.flatMap(({ name, text }) =>
    [...text.matchAll(pattern)].map(([, what]) => JSON.stringify([name, what?.trim()])),
  );
  return [...new Set(all)].map((pair) => JSON.parse(pair));
};

/** The anchors that GitHub generates for a page's headings. */
const headingsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** The help of a command or subcommand. */
const helpOf = async (verb: string): Promise<{ code: number; out: string }> => {
  const terminal = fakeTerminal();
  const code = await runCli([...verb.split(' '), '--help'], terminal);
  return { code, out: terminal.heard.out };
};

describe('the documentation', () => {
  it('names only scripts of package.json', () => {
    const named = mentions(/npm (?:-s )?run (?:-s )?([a-z][\w:-]*)/g);

    expect(named.length).toBeGreaterThan(10);
    expect(named.filter(([, script]) => !scripts.includes(script))).toEqual([]);
  });

  it('describes every script of package.json', () => {
    const named = mentions(/npm (?:-s )?(?:run (?:-s )?)?([a-z][\w:-]*)/g).map(([, script]) => script);

    expect(scripts.filter((script) => !named.includes(script))).toEqual([]);
  });

  it('names only existing benchmarks', () => {
    const named = mentions(/npm run bench -- ([a-z-]+)/g);

    expect(named.filter(([, bench]) => !existsSync(join(root, 'bench', `${bench}.ts`)))).toEqual([]);
  });

  it('names only existing commands and options', async () => {
    const lines = mentions(/npm run -s cli -- ([a-z][^`\n|<>;]*)/g);
    const wrong: string[] = [];
    for (const [page, line] of lines) {
      const verb = line.match(/^(?:secret [a-z-]+|export [a-z]+|[a-z-]+)/)?.[0] ?? '';
      const { code, out } = await helpOf(verb);
      const options = line.match(/--[a-z][a-z-]*/g) ?? [];
      if (code !== 0 || options.some((option) => !out.includes(option))) wrong.push(`${page}: ${line}`);
    }

    expect(lines.length).toBeGreaterThan(10);
    expect(wrong).toEqual([]);
  });

  it('links only to existing pages', () => {
    const links = mentions(/(?:\]\(|<img src=")(?!https?:|#|mailto:)([^)#\s"]+)/g);
    const dead = links.filter(([page, link]) => !existsSync(join(root, dirname(page), link)));

    expect(links.length).toBeGreaterThan(20);
    expect(dead).toEqual([]);
  });

  it('links only to existing headings', () => {
    const links = mentions(/\]\((?!https?:)([^)\s]*#[^)\s]+)/g);
    const dead = links.filter(([page, link]) => {
      const [path = '', anchor = ''] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      const text = pages.find(({ name }) => name === target)?.text;
      return !headingsOf(text ?? '').includes(anchor);
    });

    expect(links.length).toBeGreaterThan(20);
    expect(dead).toEqual([]);
  });

  it('names only existing files; words in capitals are placeholders', () => {
    const all = mentions(/`((?:bench|docs|functions|infra|lib|local|scripts|test)\/[\w./-]*)`/g);
    const named = all.filter(([, path]) => !/\b[A-Z]{2,}\b/.test(path));
    const gone = named.filter(([, path]) => !existsSync(join(root, path)));

    expect(named.length).toBeGreaterThan(20);
    expect(gone).toEqual([]);
  });
});
