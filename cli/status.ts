import { Command } from 'commander';
import type { FeedMemory } from '../lib/core/entries/memory/feed-memory.ts';
import { unusualTraits } from '../lib/core/entries/memory/format-memory.ts';
import type { State } from '../lib/core/ledger/row.ts';
import { countText } from '../lib/core/operator/count-text.ts';
import { stateName } from '../lib/core/operator/explain.ts';
import { hasFault, isWorking } from '../lib/core/operator/health.ts';
import { isTickLate } from '../lib/core/operator/posting-problems.ts';
import type { Problem, ProblemKind } from '../lib/core/operator/problem.ts';
import { isFuture } from '../lib/core/polling/tick-window.ts';
import { sentence } from '../lib/core/text/sentence.ts';
import { isUnproven } from '../lib/core/webhooks/deliveries.ts';
import type { FeedStatus } from '../lib/jobs/operator/read-feeds.ts';
import { readStatus, type Status } from '../lib/jobs/operator/read-status.ts';
import { plain } from '../local/plain-text.ts';
import { batchJson, batchLines } from './format-batch.ts';
import { adviceText, circuitText } from './format-circuit.ts';
import { countsText, reasonText } from './format-delivery.ts';
import { hostText } from './format-host.ts';
import { hubText } from './format-hub.ts';
import { problemJson, problemsAt, problemText } from './format-problem.ts';
import type { Cell, Page } from './page.ts';
import type { Target } from './target.ts';
import { act, type Cli, examples } from './verb.ts';

/** `status`: feeds, queues, entries by state, circuits and alerts. */
export const statusCommand = (cli: Cli): Command =>
  new Command('status')
    .description('show feeds, queues, entries by state, whether posting is on, and what needs your attention')
    .option(
      '--check',
      'exit with 1 when anything needs attention, except entries that have waited for review for less than 24 hours',
    )
    .addHelpText('after', examples('status', 'status --check', 'status --json', 'status --stage prod'))
    .action(
      act<{ check?: boolean }>(cli, async ({ options, target, progress, terminal }) => {
        const opened = await target();
        const services = { ...opened, config: opened.config(), clock: terminal.clock };
        const status = await progress('reading the ledger', () => readStatus(services));
        const problems = problemsAt(status, opened);
        return {
          json: { ...jsonOf(status, opened), problems: problems.map(problemJson) },
          lines: (page) => linesOf(page, status, { target: opened, problems }),
          exitCode: options.check && hasFault(problems) ? 1 : 0,
        };
      }),
    );

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());

const jsonOf = (status: Status, { name, isRunning }: Target) => ({
  target: name,
  running: isRunning,
  at: iso(status.at),
  lastTick: iso(status.lastTick),
  feeds: status.feeds.map(({ memory, ...feed }) => ({
    ...feed,
    learned: memory && {
      addedAt: iso(memory.addedAt),
      floor: iso(memory.floor),
      blind: memory.blind,
      listsNewestFirst: memory.listsNewestFirst,
      byPlace: memory.byPlace,
      dayOnly: memory.dayOnly,
    },
    lastSuccess: iso(feed.lastSuccess),
    changedAt: iso(feed.changedAt),
    nextPoll: iso(feed.nextPoll),
    gapAt: iso(feed.gapAt),
    unconditionalUntil: iso(feed.unconditionalUntil),
    trouble: feed.trouble && {
      ...feed.trouble,
      since: iso(feed.trouble.since),
      lastAt: iso(feed.trouble.lastAt),
      nextAt: iso(feed.trouble.nextAt),
    },
  })),
  webhooks: status.webhooks.map(({ id, latest, today }) => ({
    id,
    today,
    latest: latest.map(({ since, at, ...note }) => ({ at: iso(at), since: iso(since), ...note })),
  })),
  ledger: status.ledger,
  needsAttention: status.needsAttention,
  batches: status.batches.map((batch) => batchJson(batch, batch.lessons)),
  possibleDuplicates: status.undecided.duplicate.count,
  oldestQueuedAt: iso(status.oldestQueuedAt),
  hostBackOffs: status.hostBackOffs.map((rest) => ({ ...rest, until: iso(rest.until) })),
  circuits: status.circuits.map(({ scope, by, person, reason, openedAt, openUntil }) => ({
    scope,
    by,
    ...(person !== undefined && { person }),
    reason,
    openedAt: iso(openedAt),
    openUntil: iso(openUntil),
  })),
  alerts: status.alerts.map(({ id, kind, subject, since, count }) => ({
    id,
    kind,
    subject,
    since: iso(since),
    count,
  })),
  ratePerMinute: status.ratePerMinute,
  queues: status.queues,
});

type Found = { target: Target; problems: Problem[] };

const linesOf = (page: Page, status: Status, { target, problems }: Found): string[] => [
  headline(page, status, target),
  '',
  ...feedTable(page, status.feeds, target.isRunning),
  ...status.feeds.flatMap(({ id, trouble }) =>
    trouble
      ? [
          page.paint(
            'red',
            `${id}: failing since ${page.time(trouble.since)}. ${[sentence(plain(trouble.message)), page.nextTry(trouble.nextAt)].join(' ').trimEnd()}`,
          ),
        ]
      : [],
  ),
  ...status.feeds.flatMap(({ id, unconditionalUntil }) =>
    unconditionalUntil === null ? [] : [page.paint('yellow', wrong304Text(page, id, unconditionalUntil))],
  ),
  ...status.feeds.flatMap(({ id, gapAt }) =>
    gapAt === null || status.at - gapAt > gapIsNewsMs ? [] : [page.paint('yellow', gapText(page, id, gapAt))],
  ),
  ...status.feeds.flatMap(({ id, memory }) => memoryLine(id, memory)),
  ...status.feeds.flatMap(({ id, hub }) =>
    hub === null ? [] : [page.paint('dim', `${id} ${hubText(hub)}`)],
  ),
  ...webhookTable(page, status.webhooks),
  '',
  `Entries   ${sums(status.ledger)}`,
  `Queues    ${queueText(status)}`,
  `Rate      at most ${status.ratePerMinute} posts per minute`,
  ...status.hostBackOffs.map((backOff) => `Host      ${page.paint('yellow', hostText(page, backOff))}`),
  ...circuitLines(page, status, { target, problems }),
  ...status.batches.flatMap((batch) => [
    '',
    ...batchLines(page, batch, { where: target.where, lessons: batch.lessons }),
  ]),
  ...problemLines(page, problems),
];

/** What is unusual about a feed; `--json` and the console show all that was learned. */
const memoryLine = (id: string, memory: FeedMemory | null): string[] => {
  const learned = memory === null ? [] : unusualTraits(memory);
  return learned.length === 0 ? [] : [`${id}: ${learned.join('; ')}`];
};

const wrong304Text = (page: Page, id: string, until: number): string =>
  `${id}: its server returned "not modified" although there were new entries, so the whole feed is requested until ${page.time(until)}.`;

const gapText = (page: Page, id: string, gapAt: number): string =>
  `${id}: entries may have been missed before ${page.time(gapAt)}, because two polls had none in common. Poll it more often (every: in feeds.yml).`;
const gapIsNewsMs = 14 * 86_400_000;

const headline = (page: Page, { lastTick, at }: Status, { name, isRunning, start }: Target): string => {
  const title = page.paint('bold', name);
  if (!isRunning) return `${title}  ${page.paint('yellow', `not running: start it with ${start}`)}`;
  if (lastTick !== null && isFuture(lastTick, at))
    return `${title}  ${page.paint('red', `the last tick has a time in the future, ${page.time(lastTick)}, because a clock was wrong; the next tick corrects it`)}`;
  const late = isTickLate(lastTick, at);
  const tick = lastTick === null ? 'no tick yet' : `last tick ${page.since(lastTick)}`;
  return `${title}  ${late ? page.paint('red', `${tick}: no feed is being polled`) : page.paint('green', tick)}`;
};

const colors = {
  ok: 'green',
  failing: 'red',
  gone: 'red',
  paused: 'yellow',
  'never polled': 'dim',
} as const;

const feedTable = (page: Page, feeds: FeedStatus[], isRunning: boolean): string[] =>
  page.sheet(
    ['feed', 'health', 'last success', 'last change', 'next poll', 'reason'],
    feeds.map((feed): Cell[] => [
      feed.id,
      { text: feed.health, style: colors[feed.health] },
      page.since(feed.lastSuccess),
      page.since(feed.changedAt),
      feed.nextPoll === null ? (isRunning ? 'never' : '–') : page.coming(feed.nextPoll),
      feed.reason,
    ]),
  );

const webhookTable = (page: Page, webhooks: Status['webhooks']): string[] =>
  webhooks.length === 0
    ? []
    : [
        '',
        ...page.sheet(
          ['webhook', 'last delivery', 'result', 'reason', 'today (UTC)'],
          webhooks.map(({ id, latest: [last], today }): Cell[] => [
            id,
            page.since(last?.at ?? null),
            last ? { text: last.outcome, style: isUnproven(last) ? 'red' : 'green' } : '–',
            last ? plain(reasonText(last)) : '',
            countsText(today),
          ]),
        ),
      ];

const sums = (entries: Status['ledger']): string =>
  Object.entries(entries)
    .map(([state, count]) => `${countText(count)} ${stateName(state as State)}`)
    .join(' · ') || 'none';

const queueText = ({ queues }: Status): string =>
  queues === null
    ? 'not running'
    : `feeds ${queues.feeds}, drafts ${queues.drafts}; dead letters: feeds ${queues.feedsDeadLetters}, drafts ${queues.draftsDeadLetters}`;

const circuitLines = (page: Page, { circuits }: Status, { target, problems }: Found): string[] => {
  if (circuits.length > 0)
    return circuits.map((row) => page.paint('red', circuitText(page, row, target, circuits)));
  return [`Posting   ${isWorking(problems) ? page.paint('green', 'on') : page.paint('red', 'not running')}`];
};

/** Shown above: open circuits by `circuitLines`, batches by `batchLines`. */
const shownAbove: ReadonlySet<ProblemKind> = new Set([
  'posting-stopped',
  'brand-stopped',
  'paused',
  'rate-limited',
  'batch-held',
]);

const problemLines = (page: Page, problems: Problem[]): string[] => {
  const shown = problems.filter(({ kind }) => !shownAbove.has(kind));
  if (problems.length === 0) return ['', page.paint('green', 'Nothing needs your attention.')];
  return shown.flatMap((problem) => [
    '',
    page.paint('yellow', plain(`${problem.title}: ${problemText(page, problem)}`)),
    `  ${plain(adviceText(problem))}`,
  ]);
};
