import { Command, Option } from 'commander';
import { openConsoleContext } from '../console/open-context.ts';
import { consoleResponse } from '../console/respond.ts';
import { openSite } from '../local/site.ts';
import { port } from './parse-number.ts';
import { act, type Cli, examples, personOf } from './verb.ts';

type Options = { port?: number };

/** `console`: serves the console on this machine, until it is stopped. */
export const consoleCommand = (cli: Cli): Command =>
  new Command('console')
    .description('open the console in your browser, to review entries and decide; npm start serves it too')
    .addOption(new Option('--port <n>', 'port on 127.0.0.1 (default: 4747, or a free one)').argParser(port))
    .addHelpText(
      'after',
      `
The pages are served on this machine only. With --stage they use your AWS credentials, for anyone who can open them.
${examples('console', 'console --stage prod', 'console --port 8080')}`,
    )
    .action(
      act<Options>(cli, async ({ options, target, terminal, page }) => {
        const opened = await target();
        opened.config(); // fail here rather than on every page
        const context = openConsoleContext({
          target: opened,
          by: personOf(terminal),
          clock: terminal.clock,
          data: options.stage === undefined ? options.data : null,
          onError: (error) => terminal.writeError(`${error instanceof Error ? error.stack : error}\n`),
        });
        const site = await openSite([consoleResponse(context)], options.port ?? null);
        const url = `${site.url}/`;
        terminal.write(
          options.json
            ? `${JSON.stringify({ url, target: opened.name })}\n`
            : `${page.paint('bold', url)} shows ${opened.name}. Stop it with Ctrl-C.\n`,
        );
        await terminal.untilQuit();
        await site.close();
        return { json: undefined, lines: () => [] };
      }),
    );
