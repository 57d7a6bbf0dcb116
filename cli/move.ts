import { Command, Option } from 'commander';
import { tellTeaching } from '../lib/core/entries/decision-words.ts';
import { tellLesson } from '../lib/core/entries/memory/memory-words.ts';
import { type EntryRow, type State, states } from '../lib/core/ledger/row.ts';
import { allowedFrom, type Move } from '../lib/core/operator/moves.ts';
import { type Choice, findEntries } from '../lib/jobs/operator/find-entries.ts';
import {
  type AskedMove,
  type Moved,
  moveEntries,
  planLessons,
  planMoves,
} from '../lib/jobs/operator/move-entries.ts';
import { confirmed } from './confirm.ts';
import { titleOf } from './format-entry.ts';
import type { Cell, Page } from './page.ts';
import { id } from './parse-number.ts';
import type { Target } from './target.ts';
import { type Answer, act, type Cli, examples, personOf, type VerbInput, wrongUsage } from './verb.ts';

type Options = {
  feed?: string;
  state?: State[];
  batch?: string;
  dryRun?: boolean;
  yes?: boolean;
  postId?: number;
};

type About = { does: string; done: string; bulk: State[]; examples: string[] };

/** `bulk`: which states are meant where only a feed is named. */
const moves: Record<Move, About> = {
  release: {
    does: 'make drafts of entries that were held, filtered or existing when the feed was added',
    done: 'released',
    bulk: ['held'],
    examples: [
      'release entry-Qm9…',
      'release --feed newsroom --dry-run',
      'release --batch newsroom.12 --yes',
    ],
  },
  retry: {
    does: 'send entries again that Dash Social refused, or whose response was lost',
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
    does: 'record that the draft of an entry with a lost response exists, or that you have checked a possible duplicate',
    done: 'confirmed',
    bulk: ['uncertain'],
    examples: ['confirm entry-Qm9… --post-id 1004', 'confirm --state uncertain --dry-run'],
  },
};

/** `release`, `retry`, `dismiss` and `confirm`: a person's moves, by entry, feed or state. */
export const moveCommands = (cli: Cli): Command[] =>
  (Object.keys(moves) as Move[]).map((move) => moveCommand(cli, move));

const moveCommand = (cli: Cli, move: Move): Command => {
  const { does, examples: shown } = moves[move];
  const command = new Command(move)
    .description(does)
    .argument('[entry...]', 'keys, guids or links, or ids of drafts')
    .option('--feed <id>', 'all of this feed')
    .addOption(new Option('--state <state...>', 'all in these states').choices(states))
    .option('--batch <id>', 'all that are held in this batch')
    .option('--dry-run', 'only list what would be done')
    .option('--yes', 'do it without asking')
    .addHelpText('after', examples(...shown))
    .action(act<Options>(cli, (call) => runMove(move, call)));
  if (move === 'confirm')
    command.addOption(new Option('--post-id <id>', 'the id of the draft, if you have seen it').argParser(id));
  return command;
};

const runMove = async (move: Move, call: VerbInput<Options>): Promise<Answer> => {
  const { args, options, target, progress, terminal } = call;
  const choice = choiceOf(move, args, options);
  const opened = await target();
  const services = { ...opened, config: opened.config(), clock: terminal.clock };
  const rows = await progress('reading the ledger', () => findEntries(services, choice));
  if (options.postId !== undefined && rows.length !== 1)
    throw wrongUsage('one-post-id', `--post-id is the id of one draft, and ${rows.length} entries are meant`);
  return moveThese(move, rows, call, { isNamed: 'names' in choice });
};

type MoveOptions = Pick<Options, 'dryRun' | 'yes' | 'postId'>;

/** Moves these rows, or only lists what would be done; asks first unless each was named. */
export const moveThese = async (
  move: Move,
  rows: EntryRow[],
  { options, terminal, page, target, progress }: VerbInput<MoveOptions>,
  { isNamed }: { isNamed: boolean },
): Promise<Answer> => {
  const opened = await target();
  const asked: AskedMove = { move, by: personOf(terminal), postId: options.postId ?? null };
  const services = { ...opened, config: opened.config(), clock: terminal.clock };
  const plan = await planMoves(services, rows, asked);
  const lessons = move === 'release' ? await planLessons(services, rows) : [];
  if (options.dryRun || rows.length === 0) return answerOf(move, plan, { dryRun: true, lessons });
  const about = {
    lines: [
      ...briefTable(page, plan),
      ...lessons.map(({ feed, lesson }) => `- ${tellTeaching(feed, lesson)}`),
    ],
    question: `${move} ${plan.length === 1 ? 'this one' : `these ${plan.length}`}?`,
    meant: `${entries(plan.length)} ${plan.length === 1 ? 'is' : 'are'} meant`,
  };
  if (!isNamed && !(await confirmed({ options, terminal }, about)))
    return answerOf(move, plan, { dryRun: true, lessons });
  const moved = await progress(`${move} ${entries(rows.length)}`, () => moveEntries(services, rows, asked));
  return answerOf(move, moved, { dryRun: false, lessons, target: opened });
};

const entries = (count: number): string => (count === 1 ? '1 entry' : `${count} entries`);

const choiceOf = (move: Move, names: string[], { feed, state, batch }: Options): Choice => {
  const isGroup = feed !== undefined || state !== undefined || batch !== undefined;
  if (names.length > 0 && isGroup)
    throw wrongUsage('two-choices', 'name entries, or choose them by --feed, --state and --batch; not both');
  if (names.length > 0) return { names };
  if (!isGroup)
    throw wrongUsage(
      'no-choice',
      `say which entries to ${move}: name them, or choose by --feed, --state or --batch`,
    );
  // What may be there twice can be confirmed from any state; which those are the rows say.
  const wrong = move === 'confirm' ? undefined : state?.find((one) => !allowedFrom[move].includes(one));
  if (wrong)
    throw wrongUsage(
      'wrong-state',
      `${move} works only from ${allowedFrom[move].join(', ')}, not from ${wrong}`,
    );
  return {
    ...(feed !== undefined && { feed }),
    ...(batch !== undefined && { batch }),
    states: state ?? moves[move].bulk,
  };
};

const answerOf = (
  move: Move,
  moved: Moved[],
  { dryRun, lessons, target }: { dryRun: boolean; lessons: Lessons; target?: Target },
): Answer => {
  const refused = moved.filter(({ refusal }) => refusal).length;
  const done = moved.length - refused;
  return {
    json: {
      ...{ move, dryRun, done, refused },
      teaches: lessons.map(({ feed, lesson }) => ({ feed, lesson, words: tellLesson(lesson) })),
      entries: moved.map(movedJson),
    },
    exitCode: refused > 0 ? 1 : 0,
    lines: (page) => [
      ...tableOf(page, moved),
      moved.length === 0
        ? 'No entry is meant; nothing was done.'
        : summaryOf(move, { done, refused, dryRun }),
      ...lessons.map(({ feed, lesson }) =>
        dryRun ? `- ${tellTeaching(feed, lesson)}` : `${feed} has learned: ${tellLesson(lesson)}.`,
      ),
      ...(target && done > 0 ? restOf(page, moved, target) : []),
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

/** So many entries are listed before a question; a batch may have thousands. */
const mostAsked = 20;

const briefTable = (page: Page, plan: Moved[]): string[] => {
  const rest = plan.length - mostAsked;
  const table = tableOf(page, plan.slice(0, mostAsked));
  return rest > 0 ? [...table, page.paint('dim', `… and ${rest} more: --dry-run lists all`)] : table;
};

const tableOf = (page: Page, moved: Moved[]): string[] =>
  page.table(
    ['from', 'to', 'feed', 'key', 'entry'],
    moved.map(({ from, row, refusal }): Cell[] => [
      from,
      refusal ? { text: 'stays', style: 'red' } : { text: row.state, style: 'green' },
      row.feed,
      row.key,
      refusal?.message ?? wordsFor(from, row),
    ]),
  );

const wordsFor = (from: State, row: EntryRow): string =>
  from === 'uncertain' && row.state === 'queued' ? `${titleOf(row)} (there may be two then)` : titleOf(row);

const summaryOf = (
  move: Move,
  { done, refused, dryRun }: { done: number; refused: number; dryRun: boolean },
): string => {
  const stays = dryRun ? 'would stay' : refused === 1 ? 'stays' : 'stay';
  const stay = refused === 0 ? '' : `, ${refused} ${stays} as ${refused === 1 ? 'it is' : 'they are'}`;
  const counted = dryRun ? `${done} would be ${moves[move].done}` : `${done} ${moves[move].done}`;
  return `${counted}${stay}${dryRun ? '; nothing was done' : ''}.`;
};

const restOf = (page: Page, moved: Moved[], target: Target): string[] => {
  const waits = moved.some(({ row, refusal }) => !refusal && row.state === 'queued');
  return waits && !target.isRunning
    ? [page.paint('dim', `Nothing runs over ${target.name}: they go out once npm start runs again.`)]
    : [];
};
