import { Command, Option } from 'commander';
import { brandScope, feedScope } from '../lib/core/circuit/circuit-breaker.ts';
import type { CircuitRow, CircuitScope } from '../lib/core/circuit/circuit-row.ts';
import { brandsOf, rowOwners } from '../lib/core/config/row-owners.ts';
import { permanent } from '../lib/core/errors.ts';
import { pausePosting } from '../lib/jobs/operator/pause-posting.ts';
import { outcomeOfOne, recordActivity } from '../lib/jobs/operator/record-activity.ts';
import { resumePosting } from '../lib/jobs/operator/resume-posting.ts';
import { circuitText, pausedInFileText, scopeText } from './format-circuit.ts';
import type { Page } from './page.ts';
import { id } from './parse-number.ts';
import type { Target } from './target.ts';
import { act, type Cli, examples, feedNamed, personOf } from './verb.ts';

type Options = { feed?: string; brand?: number };

const scopeOptions = (command: Command): Command =>
  command
    .option('--feed <id>', 'only this feed')
    .addOption(new Option('--brand <id>', 'only this brand').argParser(id).conflicts('feed'));

type Chosen = {
  scope: CircuitScope;
  /** The other open circuits that stop it, too. */
  scopes: CircuitScope[];
  /** A note if feeds.yml pauses it, too. */
  inFile: string | null;
};

/** Throws permanent `brand.unknown`, which lists the brands that feeds.yml posts to. */
const checkBrand = (brand: number, brands: number[]): void => {
  if (brands.includes(brand)) return;
  const known = brands.join(', ') || 'none';
  throw permanent(
    'brand.unknown',
    `No feed or webhook posts to brand ${brand}. Brands in feeds.yml: ${known}.`,
  );
};

const choose = ({ feed, brand }: Options, target: Target): Chosen => {
  if (brand !== undefined) {
    checkBrand(brand, brandsOf(target.config()));
    return { scope: brandScope(brand), scopes: ['all', brandScope(brand)], inFile: null };
  }
  if (feed === undefined) return { scope: 'all', scopes: ['all'], inFile: null };
  const owner = feedNamed(rowOwners(target.config()), feed); // includes webhooks without a feed
  const scopes: CircuitScope[] = ['all', brandScope(owner.brandId), feedScope(feed)];
  return { scope: feedScope(feed), scopes, inFile: pausedInFileText(owner) };
};

const also = (page: Page, inFile: string | null): string[] =>
  inFile === null ? [] : [page.paint('yellow', inFile)];

/** `pause`: stops posting of everything, a brand or a feed within a tick, until it is resumed. */
export const pauseCommand = (cli: Cli): Command =>
  scopeOptions(new Command('pause'))
    .description(
      'stop posting everything, a brand or a feed within a minute; polling continues, and new entries wait',
    )
    .addHelpText('after', examples('pause', 'pause --brand 144', 'pause --feed newsroom'))
    .action(
      act<Options>(cli, async ({ options, target }) => {
        const opened = await target();
        const { scope, inFile } = choose(options, opened);
        const { clock } = cli.terminal;
        const by = personOf(cli.terminal);
        const { done } = await recordActivity(
          { activities: opened.activities, clock },
          { by, kind: 'pause', scope },
          {
            work: () => pausePosting({ circuits: opened.circuits, clock }, scope, by),
            outcomeOf: (paused) => (paused.already ? null : outcomeOfOne()),
          },
        );
        const { row, already } = done;
        return {
          json: {
            scope,
            already,
            openedAt: new Date(row.openedAt).toISOString(),
            pausedInFile: inFile !== null,
          },
          lines: (page) => [
            `${page.paint('yellow', scopeText(scope))} ${already ? `was already paused at ${page.time(row.openedAt)}` : 'is paused'}. New entries wait until you resume it.`,
            ...also(page, inFile),
          ],
        };
      }),
    );

const stillStopped = (page: Page, still: CircuitRow[], target: Target) =>
  still.map((row) => page.paint('yellow', `Nothing is sent yet. ${circuitText(page, row, target, still)}`));

/** Pauses of a brand or a feed, which resuming everything does not end. */
const narrowerPauses = async ({ circuits }: Target, scope: CircuitScope): Promise<CircuitRow[]> =>
  scope === 'all' ? (await circuits.rows()).filter((row) => row.by === 'person' && row.scope !== 'all') : [];

const resumedText = ({ isRunning, start }: Target): string =>
  isRunning
    ? 'Waiting entries are sent within a minute'
    : `Not running: waiting entries are sent once it is started${start === null ? '' : ` with ${start}`}`;

/** `resume`: ends what `pause` began. */
export const resumeCommand = (cli: Cli): Command =>
  scopeOptions(new Command('resume'))
    .description('resume what pause stopped')
    .addHelpText('after', examples('resume', 'resume --brand 144', 'resume --feed newsroom'))
    .action(
      act<Options>(cli, async ({ options, target }) => {
        const opened = await target();
        const { scope, scopes, inFile } = choose(options, opened);
        const deps = { circuits: opened.circuits, clock: cli.terminal.clock };
        const { done } = await recordActivity(
          { activities: opened.activities, clock: deps.clock },
          { by: personOf(cli.terminal), kind: 'resume', scope },
          {
            work: () => resumePosting(deps, scope, scopes),
            outcomeOf: (ended) => (ended.resumed ? outcomeOfOne() : null),
          },
        );
        const { resumed, still } = done;
        const narrower = await narrowerPauses(opened, scope);
        const outcome = resumed ? `is resumed. ${resumedText(opened)}` : 'was not paused';
        return {
          json: {
            scope,
            resumed,
            still: [...still, ...narrower].map(({ rev: _, ...row }) => row),
            pausedInFile: inFile !== null,
          },
          lines: (page) => [
            ...(resumed || inFile === null ? [`${page.paint('green', scopeText(scope))} ${outcome}.`] : []),
            ...also(page, inFile),
            ...stillStopped(page, still, opened),
            ...narrower.map((row) => page.paint('yellow', circuitText(page, row, opened))),
          ],
        };
      }),
    );
