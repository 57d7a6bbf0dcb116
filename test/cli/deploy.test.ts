import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployCommand, packageCommand } from '../../cli/deploy.ts';
import { runCli } from '../../cli/program.ts';
import { fakeTarget, fakeTerminal } from '../support/cli.ts';

type Call = { args: string[]; cwd: string };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploy-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs a command line; records the calls of the deploy tool. */
const cli = async (line: string) => {
  const terminal = fakeTerminal();
  const calls: Call[] = [];
  const tool = async (args: string[], cwd: string) => {
    calls.push({ args, cwd });
    return 0;
  };
  const more = (given: Parameters<typeof deployCommand>[0]) => [
    packageCommand(given, tool),
    deployCommand(given, tool),
  ];
  const exit = await runCli(line.split(' '), terminal, async () => fakeTarget(), more);
  return { exit, calls, ...terminal.heard };
};

describe('deploy', () => {
  it('needs the name of a stage', async () => {
    expect(await cli('deploy')).toMatchObject({
      exit: 2,
      calls: [],
      err: 'Name the stage to deploy, for example --stage prod.\n',
    });
  });

  it.each(['..', '../x', 'a/b', '1st'])('refuses %j as a stage before it touches a folder', async (stage) => {
    const ran = await cli(`package --stage ${stage}`);

    expect(ran).toMatchObject({ exit: 2, calls: [], err: expect.stringContaining('is not a stage name') });
  });

  it('refuses a feeds.yml with mistakes before it does anything', async () => {
    const config = join(folder, 'feeds.yml');
    await writeFile(config, 'feeds: { newsroom: { brand_id: 144 } }');

    expect(await cli(`deploy --stage prod --config ${config}`)).toMatchObject({
      exit: 3,
      calls: [],
      err: expect.stringContaining('feeds.newsroom.url'),
    });
  });
});
