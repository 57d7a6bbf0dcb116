import { Command, Option } from 'commander';
import { brandScope, feedScope } from '../lib/core/circuit/circuit-breaker.ts';
import type { CircuitRow, CircuitScope } from '../lib/core/circuit/circuit-row.ts';
import { rowOwners } from '../lib/core/config/row-owners.ts';
import { pausePosting } from '../lib/jobs/operator/pause-posting.ts';
import { resumePosting } from '../lib/jobs/operator/resume-posting.ts';
import { pausedInFileText, scopeText } from './format-circuit.ts';
import type { Page } from './page.ts';
import { id } from './parse-number.ts';
import type { Target } from './target.ts';
import { act, type Cli, examples, feedNamed } from './verb.ts';

type Options = { feed?: string; brand?: number };

const scopeOptions = (command: Command): Command =>
  command
    .option('--feed <id>', 'only this feed')
    .addOption(new Option('--brand <id>', 'only this brand').argParser(id).conflicts('feed'));

type Meant = {
  scope: CircuitScope;
  /** All whose closing closes it too. */
  scopes: CircuitScope[];
  /** What feeds.yml says of it besides. */
  inFile: string | null;
};

const meantBy = ({ feed, brand }: Options, target: Target): Meant => {
  if (brand !== undefined)
    return { scope: brandScope(brand), scopes: ['all', brandScope(brand)], inFile: null };
  if (feed === undefined) return { scope: 'all', scopes: ['all'], inFile: null };
  const owner = feedNamed(rowOwners(target.config()), feed); // a webhook without a feed is one here
  const scopes: CircuitScope[] = ['all', brandScope(owner.brandId), feedScope(feed)];
  return { scope: feedScope(feed), scopes, inFile: pausedInFileText(owner) };
};

const also = (page: Page, inFile: string | null): string[] =>
  inFile === null ? [] : [page.paint('yellow', inFile)];

/** `pause`: stops all, a brand or a feed within a tick, until somebody resumes it. */
export const pauseCommand = (cli: Cli): Command =>
  scopeOptions(new Command('pause'))
    .description(
      'stop posting within a minute: everything, a brand or a feed; polling continues, and new entries wait',
    )
    .addHelpText('after', examples('pause', 'pause --brand 144', 'pause --feed newsroom'))
    .action(
      act<Options>(cli, async ({ options, target }) => {
        const opened = await target();
        const { scope, inFile } = meantBy(options, opened);
        const { row, already } = await pausePosting(
          { circuits: opened.circuits, clock: cli.terminal.clock },
          scope,
        );
        const since = already ? `was paused already, since` : 'is paused since';
        return {
          json: {
            scope,
            already,
            openedAt: new Date(row.openedAt).toISOString(),
            pausedInFile: inFile !== null,
          },
          lines: (page) => [
            `${page.paint('yellow', scopeText(scope))} ${since} ${page.time(row.openedAt)}. What is new waits; resume lets it go.`,
            ...also(page, inFile),
          ],
        };
      }),
    );

const stillWords = (still: CircuitRow[]) =>
  still.map(({ scope, by, reason }) =>
    by === 'person'
      ? `Nothing goes out yet: ${scopeText(scope)} is paused by a person as well.`
      : `Nothing goes out yet: ${scopeText(scope)} was closed by ${reason}; that opens by itself once it is over.`,
  );

/** `resume`: opens what `pause` has closed. */
export const resumeCommand = (cli: Cli): Command =>
  scopeOptions(new Command('resume'))
    .description('resume what pause has stopped')
    .addHelpText('after', examples('resume', 'resume --brand 144', 'resume --feed newsroom'))
    .action(
      act<Options>(cli, async ({ options, target }) => {
        const opened = await target();
        const { scope, scopes, inFile } = meantBy(options, opened);
        const deps = { circuits: opened.circuits, clock: cli.terminal.clock };
        const { resumed, still } = await resumePosting(deps, scope, scopes);
        const said = resumed ? 'is resumed: what waits goes out from the next minute on' : 'was not paused';
        return {
          json: {
            scope,
            resumed,
            still: still.map(({ rev: _, ...row }) => row),
            pausedInFile: inFile !== null,
          },
          lines: (page) => [
            ...(resumed || inFile === null ? [`${page.paint('green', scopeText(scope))} ${said}.`] : []),
            ...also(page, inFile),
            ...stillWords(still).map((line) => page.paint('yellow', line)),
          ],
        };
      }),
    );
