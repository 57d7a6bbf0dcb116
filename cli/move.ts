import { Command, Option } from 'commander';
import { learnedText, teachingText } from '../lib/core/entries/format-decision.ts';
import { isPossibleDuplicate } from '../lib/core/entries/identity/possible-duplicate.ts';
import { lessonText } from '../lib/core/entries/memory/format-memory.ts';
import { titleOf } from '../lib/core/entries/title-of.ts';
import { isLookedUp } from '../lib/core/ledger/needs-decision.ts';
import { type EntryRow, type State, states } from '../lib/core/ledger/row.ts';
import { toType } from '../lib/core/operator/cli-hints.ts';
import { stateName } from '../lib/core/operator/explain.ts';
import { allowedFrom, lookedUpText, type Move, movesOf } from '../lib/core/operator/moves.ts';
import { undoMs } from '../lib/core/operator/undo.ts';
import { type Choice, findEntries } from '../lib/jobs/operator/find-entries.ts';
import {
  type Moved,
  type MoveRequest,
  moveEntries,
  planLessons,
  planMoves,
} from '../lib/jobs/operator/move-entries.ts';
import { outcomeOfMoves, recordActivity } from '../lib/jobs/operator/record-activity.ts';
import { confirmed } from './confirm.ts';
import type { Cell, Page } from './page.ts';
import { id } from './parse-number.ts';
import type { Target } from './target.ts';
import { act, type Cli, examples, personOf, type Result, type VerbInput, wrongUsage } from './verb.ts';

type Options = {
  feed?: string;
  state?: State[];
  batch?: string;
  dryRun?: boolean;
  yes?: boolean;
  postId?: number;
  evenIfOld?: boolean;
  evenIfLookedUp?: boolean;
  possibleDuplicates?: boolean;
};

type About = { does: string; done: string; bulk: State[]; examples: string[] };

/** `bulk`: the states selected if no state is named. */
const moves: Record<Move, About> = {
  approve: {
    does: 'send entries that wait for your review',
    done: 'approved',
    bulk: ['review'],
    examples: ['approve entry-Qm9…', 'approve --feed newsroom --dry-run', 'approve --state review --yes'],
  },
  release: {
    does: 'make drafts of entries that were held, filtered, dismissed or already on the feed when it was added',
    done: 'released',
    bulk: ['held'],
    examples: [
      'release entry-Qm9…',
      'release --feed newsroom --dry-run',
      'release --batch newsroom.12 --yes',
    ],
  },
  retry: {
    does: 'send entries again that Dash Social rejected, or whose outcome is unknown',
    done: 'queued again',
    bulk: ['rejected'],
    examples: [
      'retry https://www.example.com/bridge',
      'retry --state rejected --yes',
      'retry --state uncertain',
    ],
  },
  dismiss: {
    does: 'decide that these entries get no draft',
    done: 'dismissed',
    bulk: ['held'],
    examples: ['dismiss entry-Qm9…', 'dismiss --batch newsroom.12 --yes'],
  },
  confirm: {
    does: 'record that the draft of an entry with an unknown outcome exists, or that you checked a possible duplicate',
    done: 'confirmed',
    bulk: ['uncertain'],
    examples: [
      'confirm entry-Qm9… --post-id 1004',
      'confirm --state uncertain --dry-run',
      'confirm --possible-duplicates',
    ],
  },
};

/** A script cannot undo what it does, and does not wait. */
export const graceOf = ({ terminal, options }: Pick<VerbInput<unknown>, 'terminal' | 'options'>): number =>
  terminal.columns === null || options.json ? 0 : undoMs;

/** `approve`, `release`, `retry`, `dismiss` and `confirm`: moves by entry, batch, feed or state. */
export const moveCommands = (cli: Cli): Command[] =>
  (Object.keys(moves) as Move[]).map((move) => moveCommand(cli, move));

const moveCommand = (cli: Cli, move: Move): Command => {
  const { does, bulk, examples: shown } = moves[move];
  const command = new Command(move)
    .description(does)
    .argument('[entry...]', 'keys, guids or links of entries, or IDs of drafts')
    .option('--feed <id>', 'entries of this feed')
    .addOption(
      new Option('--state <state...>', `entries in these states instead of ${bulk.join(', ')}`).choices(
        states,
      ),
    )
    .option('--batch <id>', 'entries held in this batch')
    .option('--dry-run', 'list what would be done, without doing it')
    .option('--yes', 'do it without asking')
    .addHelpText('after', examples(...shown))
    .action(act<Options>(cli, (call) => runMove(move, call)));
  if (move === 'confirm') {
    command.option('--possible-duplicates', 'all entries that may have two drafts, after you checked them');
    command.addOption(new Option('--post-id <id>', 'ID of the draft, if you know it').argParser(id));
  }
  if (move === 'approve')
    command.option('--even-if-old', 'also entries that have become older than max_age allows');
  if (move === 'retry')
    command.option('--even-if-looked-up', 'also a named entry whose draft is still being looked up');
  return command;
};

const runMove = async (move: Move, call: VerbInput<Options>): Promise<Result> => {
  const { args, options, target, progress, terminal } = call;
  const choice = choiceOf(move, args, options);
  const opened = await target();
  const services = { ...opened, config: opened.config(), clock: terminal.clock };
  const found = await progress('reading the ledger', () => findEntries(services, choice));
  const rows = 'names' in choice ? found : found.filter((row) => isMeant(move, row, options));
  if (options.postId !== undefined && rows.length !== 1)
    throw wrongUsage('one-post-id', `--post-id is for one entry, but ${rows.length} are chosen.`);
  const isUsual = options.state === undefined && !options.possibleDuplicates && !('names' in choice);
  if (rows.length === 0 && isUsual) return nothingFound(move);
  return moveThese(move, rows, call, { isNamed: 'names' in choice });
};

/** Whether a group means this row: `confirm` is for possible duplicates in any state, and the states hold others too. */
const isMeant = (move: Move, row: EntryRow, { possibleDuplicates = false }: Options): boolean =>
  move !== 'confirm' || (possibleDuplicates ? isPossibleDuplicate(row) : movesOf(row).includes('confirm'));

/** No entry is in the states that are selected without `--state`. */
const nothingFound = (move: Move): Result => {
  const more = allowedFrom[move].length > moves[move].bulk.length ? ' Choose other states with --state.' : '';
  const text = `No entries in state ${moves[move].bulk.join(', ')}; nothing was done.${more}`;
  return { ...resultOfMoves(move, [], { dryRun: true, lessons: [] }), lines: () => [text] };
};

type MoveOptions = Pick<Options, 'dryRun' | 'yes' | 'postId' | 'evenIfOld' | 'evenIfLookedUp'>;

/**
 * Moves these rows, or lists what would be done; asks first unless each was named. Those that are still looked up are
 * moved only if they were named.
 */
export const moveThese = async (
  move: Move,
  all: EntryRow[],
  call: VerbInput<MoveOptions>,
  { isNamed }: { isNamed: boolean },
): Promise<Result> => {
  const rows = isNamed ? all : all.filter((row) => !isLookedUp(row));
  const leftOut = all.length - rows.length;
  const { options, terminal, page, target, progress } = call;
  const opened = await target();
  const { postId = null, evenIfOld = false, evenIfLookedUp = false } = options;
  const request: MoveRequest = {
    ...{ move, by: personOf(terminal), postId, evenIfOld, evenIfLookedUp },
    undoMs: graceOf(call),
  };
  const services = { ...opened, config: opened.config(), clock: terminal.clock };
  const plan = await planMoves(services, rows, request);
  const lessons = move === 'release' ? await planLessons(services, rows) : [];
  if (options.dryRun || rows.length === 0)
    return resultOfMoves(move, plan, { dryRun: true, lessons, leftOut });
  const about = {
    lines: [
      ...briefTable(page, plan),
      ...lessons.map(({ feed, lesson }) => `- ${teachingText(feed, lesson)}`),
      ...(leftOut > 0 ? [lookedUpText(leftOut)] : []),
    ],
    question: `${capitalized(move)} ${plan.length === 1 ? 'this entry' : `these ${plan.length} entries`}?`,
    summary: `This would ${move} ${entries(plan.length)}`,
  };
  if (!isNamed && !(await confirmed({ options, terminal }, about)))
    return resultOfMoves(move, plan, { dryRun: true, lessons, leftOut });
  const { done: moved } = await recordActivity(
    services,
    { by: request.by, kind: move },
    {
      work: () => progress(`${move} ${entries(rows.length)}`, () => moveEntries(services, rows, request)),
      outcomeOf: outcomeOfMoves,
    },
  );
  return resultOfMoves(move, moved, {
    ...{ dryRun: false, lessons, leftOut, target: opened },
    waits: graceOf(call) > 0,
  });
};

const capitalized = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const entries = (count: number): string => (count === 1 ? '1 entry' : `${count} entries`);

const choiceOf = (move: Move, names: string[], options: Options): Choice => {
  const { feed, state, batch, possibleDuplicates = false } = options;
  const isGroup = feed !== undefined || state !== undefined || batch !== undefined || possibleDuplicates;
  if (names.length > 0 && isGroup)
    throw wrongUsage(
      'two-choices',
      'Name entries, or choose them with --feed, --state and --batch, but not both.',
    );
  if (names.length > 0) return { names };
  if (!isGroup)
    throw wrongUsage('no-choice', `Choose entries to ${move}: name them, or use --feed, --state or --batch.`);
  // A possible duplicate can be confirmed from any state; the rows show which entries those are.
  const wrong = move === 'confirm' ? undefined : state?.find((one) => !allowedFrom[move].includes(one));
  if (wrong)
    throw wrongUsage(
      'wrong-state',
      `You cannot ${move} entries in state ${wrong}, only ${allowedFrom[move].join(', ')}.`,
    );
  return {
    ...(feed !== undefined && { feed }),
    ...(batch !== undefined && { batch }),
    ...(state !== undefined || !possibleDuplicates ? { states: state ?? moves[move].bulk } : {}),
  };
};

/**
 * `leftOut`: how many entries are still looked up. `waits`: nothing is sent for a few seconds, so that there is time
 * for an undo.
 */
type Circumstances = {
  dryRun: boolean;
  lessons: Lessons;
  leftOut?: number;
  target?: Target;
  waits?: boolean;
};

export const resultOfMoves = (
  move: Move | 'undo',
  moved: Moved[],
  { dryRun, lessons, leftOut = 0, target, waits = false }: Circumstances,
): Result => {
  const refused = moved.filter(({ refusal }) => refusal).length;
  const done = moved.length - refused;
  return {
    json: {
      move,
      dryRun,
      done,
      refused,
      leftOut,
      teaches: lessons.map(({ feed, lesson }) => ({ feed, lesson, text: lessonText(lesson) })),
      entries: moved.map(movedJson),
    },
    exitCode: refused > 0 ? 1 : 0,
    lines: (page) => [
      ...tableOf(page, moved),
      ...(moved.length > 0 ? [summaryOf(move, { done, refused, dryRun })] : []),
      ...(moved.length === 0 && leftOut === 0 ? ['No entries found; nothing was done.'] : []),
      ...(leftOut > 0 ? [lookedUpText(leftOut)] : []),
      ...lessons.map(({ feed, lesson }) =>
        dryRun ? `- ${teachingText(feed, lesson)}` : learnedText(feed, lesson),
      ),
      ...(target && done > 0 ? backOffOf(page, moved, target) : []),
      ...(target && waits ? undoHint(page, moved, target) : []),
    ],
  };
};

const movedJson = ({ from, row, refusal }: Moved) => ({
  key: row.key,
  feed: row.feed,
  title: row.title,
  from,
  to: refusal ? null : row.state,
  refusal,
  text: row.post?.text ?? null,
});

type Lessons = Awaited<ReturnType<typeof planLessons>>;

/** The number of entries listed before a question; a batch may have thousands. */
const maxAsked = 20;

const briefTable = (page: Page, plan: Moved[]): string[] => {
  const rest = plan.length - maxAsked;
  const table = tableOf(page, plan.slice(0, maxAsked));
  return rest > 0 ? [...table, page.paint('dim', `… and ${rest} more. List all with --dry-run.`)] : table;
};

const tableOf = (page: Page, moved: Moved[]): string[] =>
  page.table(
    ['from', 'to', 'feed', 'key', 'entry'],
    moved.map(({ from, row, refusal }): Cell[] => [
      stateName(from),
      refusal ? { text: 'unchanged', style: 'red' } : { text: stateName(row.state), style: 'green' },
      row.feed,
      row.key,
      refusal?.message ?? nameOf(from, row),
    ]),
  );

const nameOf = (from: State, row: EntryRow): string =>
  from === 'uncertain' && row.state === 'queued'
    ? `${titleOf(row)} (this may create a second draft)`
    : titleOf(row);

const doneWord = (move: Move | 'undo'): string => (move === 'undo' ? 'undone' : moves[move].done);

const summaryOf = (
  move: Move | 'undo',
  { done, refused, dryRun }: { done: number; refused: number; dryRun: boolean },
): string => {
  const unchanged = refused === 0 ? '' : `, ${refused} unchanged`;
  return dryRun
    ? `${entries(done)} would be ${doneWord(move)}${unchanged}; nothing was done.`
    : `${entries(done)} ${doneWord(move)}${unchanged}.`;
};

/** Where a person may still undo it. */
const undoHint = (page: Page, moved: Moved[], { where }: Target): string[] => {
  const [first, ...others] = moved.filter(({ row, refusal }) => refusal === null && row.undo !== null);
  if (first === undefined || others.length > 0) return [];
  return [page.paint('dim', `Undo it: ${toType(`undo ${first.row.key}`, where)}`)];
};

const backOffOf = (page: Page, moved: Moved[], target: Target): string[] => {
  const waits = moved.some(({ row, refusal }) => !refusal && row.state === 'queued');
  return waits && !target.isRunning
    ? [
        page.paint(
          'dim',
          `Not running (data folder ${target.name}): they are sent once npm start runs again.`,
        ),
      ]
    : [];
};
