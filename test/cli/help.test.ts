import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { cliOver, fakeTarget } from '../support/cli.ts';

const cli = cliOver(fakeTarget());

const namesIn = (help: string): string[] => {
  const [, commands = ''] = help.split('\nCommands:\n');
  return [...(commands.split('\n\n')[0]?.matchAll(/^ {2}([a-z][a-z-]*)/gm) ?? [])].flatMap(
    ([, name]) => name ?? [],
  );
};

/** All commands, including subcommands such as `export feeds`. */
const verbs = async (before = ''): Promise<string[]> => {
  const names = namesIn((await cli(`${before} --help`)).out).filter((name) => name !== 'help');
  const below = await Promise.all(names.map((name) => verbs(`${before} ${name}`.trim())));
  return names.flatMap((name, at) => [`${before} ${name}`.trim(), ...(below[at] ?? [])]);
};

it('every command has examples, and mentions --json and exit codes', async () => {
  const all = await verbs();
  const helps = await Promise.all(
    all.map(async (verb) => [verb, (await cli(`${verb} --help`)).out] as const),
  );

  expect(all).toEqual(
    expect.arrayContaining(['init', 'check', 'preview', 'plan', 'export feeds', 'import-opml']),
  );
  expect(helps.filter(([, help]) => !help.includes('\nExamples:\n')).map(([verb]) => verb)).toEqual([]);
  expect(helps.filter(([, help]) => !help.includes('--json')).map(([verb]) => verb)).toEqual([]);
  expect((await cli('--help')).out).toMatch(/Examples:\n[\s\S]*Exit codes:\n/);
});

it('every command that reads feeds describes the file it uses in the same way', async () => {
  const all = (await verbs()).filter((verb) => !/^(parse|secret.*|export|dash.*|events)$/.test(verb));
  const helps = await Promise.all(
    ['', ...all].map(async (verb) => [verb, (await cli(`${verb} --help`)).out] as const),
  );

  expect(helps.filter(([, help]) => !/--config, else/.test(help)).map(([verb]) => verb)).toEqual([]);
  expect(helps[0]?.[1]).toMatch(/feeds file \(default: see below\)/);
});

it("lists a command's own options first, and the global ones on one line", async () => {
  const { out } = await cli('list --help');
  const [options = '', after = ''] = out.split('\nOptions:\n')[1]?.split('\n\n') ?? [];

  expect(options).toContain('--possible-duplicates');
  expect(options).not.toContain('--region');
  expect(out.match(/^Global options .*$/gm)).toEqual([
    'Global options (see npm run -s cli -- --help): --json, --data <dir>, --config <file>, --stage <name>, --region <name>',
  ]);
  expect(after).not.toBe('');
});

it('--version prints the version', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

  expect(await cli('--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
});

it('docs/cli.md has a section for every command', async () => {
  const page = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
  const all = (await verbs()).filter((verb) => !['secret', 'export', 'dash', 'events'].includes(verb));

  expect(all.length).toBeGreaterThan(20);
  expect(all.filter((verb) => !page.includes(`\n## ${verb}\n`))).toEqual([]);
});
