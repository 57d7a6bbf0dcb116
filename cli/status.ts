import { Command } from 'commander';
import { alertNotice } from '../lib/core/alerts/format-alert.ts';
import type { FeedMemory } from '../lib/core/entries/memory/feed-memory.ts';
import { tellUnusual } from '../lib/core/entries/memory/memory-words.ts';
import { toType } from '../lib/core/operator/cli-hints.ts';
import { isFuture } from '../lib/core/polling/tick-window.ts';
import { isUnproven } from '../lib/core/webhooks/deliveries.ts';
import { type FeedStatus, readStatus, type Status } from '../lib/jobs/operator/read-status.ts';
import { plain } from '../local/plain-text.ts';
import { batchJson, batchLines } from './format-batch.ts';
import { circuitText } from './format-circuit.ts';
import { countWords, whyWords } from './format-delivery.ts';
import type { Cell, Page } from './page.ts';
import type { Target } from './target.ts';
import { act, type Cli, examples } from './verb.ts';

/** `status`: feeds, queues, sums, circuits; what is well and what is not. */
export const statusCommand = (cli: Cli): Command =>
  new Command('status')
    .description('show feeds, queues, entries by state, whether posting is on, and what needs your attention')
    .addHelpText('after', examples('status', 'status --json', 'status --stage prod'))
    .action(
      act(cli, async ({ target, progress, terminal }) => {
        const opened = await target();
        const services = { ...opened, config: opened.config(), clock: terminal.clock };
        const status = await progress('reading the ledger', () => readStatus(services));
        return { json: jsonOf(status, opened), lines: (page) => linesOf(page, status, opened) };
      }),
    );

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());

const jsonOf = (status: Status, { name, isRunning }: Target) => ({
  place: name,
  running: isRunning,
  at: iso(status.at),
  lastTick: iso(status.lastTick),
  feeds: status.feeds.map(({ memory, ...feed }) => ({
    ...feed,
    learned: memory && {
      addedAt: iso(memory.addedAt),
      floor: iso(memory.floor),
      ...{ blind: memory.blind, listsNewestFirst: memory.listsNewestFirst },
      ...{ byPlace: memory.byPlace, dayOnly: memory.dayOnly },
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
  waitsForPerson: status.waitsForPerson,
  batches: status.batches.map((batch) => batchJson(batch, batch.lessons)),
  possibleDuplicates: status.possibleDuplicates,
  oldestQueuedAt: iso(status.oldestQueuedAt),
  resting: status.resting.map((rest) => ({ ...rest, until: iso(rest.until) })),
  circuits: status.circuits.map(({ scope, by, reason, openedAt, openUntil }) => ({
    scope,
    by,
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

const linesOf = (page: Page, status: Status, target: Target): string[] => [
  headline(page, status, target),
  '',
  ...feedTable(page, status.feeds),
  ...status.feeds.flatMap(({ id, trouble }) =>
    trouble
      ? [page.paint('red', `${id}: ${plain(trouble.message)} (failing since ${page.time(trouble.since)})`)]
      : [],
  ),
  ...status.feeds.flatMap(({ id, unconditionalUntil }) =>
    unconditionalUntil === null ? [] : [page.paint('yellow', wrong304Words(page, id, unconditionalUntil))],
  ),
  ...status.feeds.flatMap(({ id, gapAt }) =>
    gapAt === null || status.at - gapAt > gapIsNewsMs
      ? []
      : [page.paint('yellow', gapWords(page, id, gapAt))],
  ),
  ...status.feeds.flatMap(({ id, memory }) => memoryLine(id, memory)),
  ...webhookTable(page, status.webhooks),
  '',
  `Entries   ${sums(status.ledger)}`,
  `Queues    ${queueWords(status)}`,
  `Rate      ${status.ratePerMinute} a minute at most`,
  ...status.resting.map(
    ({ host, until, feeds }) =>
      `Resting   ${page.paint('yellow', `${host} asked to be left alone until ${page.time(until)}: ${feeds} ${feeds === 1 ? 'feed' : 'feeds'}`)}`,
  ),
  ...circuitLines(page, status, target),
  ...alertLines(page, status, target),
  ...status.batches.flatMap((batch) => [
    '',
    ...batchLines(page, batch, { where: target.where, lessons: batch.lessons }),
  ]),
  ...waitLines(page, status, target),
  ...duplicateLines(page, status, target),
];

/** What is unusual in what was learned of a feed; `--json` and the console show all of it. */
const memoryLine = (id: string, memory: FeedMemory | null): string[] => {
  const learned = memory === null ? [] : tellUnusual(memory);
  return learned.length === 0 ? [] : [`${id} has learned: ${learned.join('; ')}`];
};

const wrong304Words = (page: Page, id: string, until: number): string =>
  `${id}: its server answered "not modified" although it had new entries, so it is asked for the whole feed until ${page.time(until)}`;

const gapWords = (page: Page, id: string, gapAt: number): string =>
  `${id}: entries may have come and gone unseen before ${page.time(gapAt)}`;
const gapIsNewsMs = 14 * 86_400_000;

/** A tick comes every minute. */
const lateMs = 3 * 60_000;

const headline = (page: Page, { lastTick, at }: Status, { name, isRunning, start }: Target): string => {
  const title = page.paint('bold', name);
  if (!isRunning) return `${title}  ${page.paint('yellow', `nothing runs here now: start it with ${start}`)}`;
  if (lastTick !== null && isFuture(lastTick, at))
    return `${title}  ${page.paint('red', `the last tick bears a time to come, ${page.time(lastTick)}, because a clock was wrong; the next tick puts it right`)}`;
  const late = lastTick === null || at - lastTick > lateMs;
  const tick = `last tick ${page.since(lastTick)}`;
  return `${title}  ${late ? page.paint('red', `${tick}: nothing is polled`) : page.paint('green', tick)}`;
};

const colours = {
  ok: 'green',
  failing: 'red',
  gone: 'red',
  paused: 'yellow',
  'never polled': 'dim',
} as const;

const feedTable = (page: Page, feeds: FeedStatus[]): string[] =>
  page.sheet(
    ['feed', 'health', 'last success', 'last change', 'next poll', 'why then', 'entries'],
    feeds.map((feed): Cell[] => [
      feed.id,
      { text: feed.health, style: colours[feed.health] },
      page.since(feed.lastSuccess),
      page.since(feed.changedAt),
      feed.nextPoll === null ? 'never' : page.since(feed.nextPoll),
      feed.whyThen,
      sums(feed.entries),
    ]),
  );

const webhookTable = (page: Page, webhooks: Status['webhooks']): string[] =>
  webhooks.length === 0
    ? []
    : [
        '',
        ...page.sheet(
          ['webhook', 'last delivery', 'became', 'why', 'today (UTC)'],
          webhooks.map(({ id, latest: [last], today }): Cell[] => [
            id,
            page.since(last?.at ?? null),
            last ? { text: last.outcome, style: isUnproven(last) ? 'red' : 'green' } : '–',
            last ? plain(whyWords(last)) : '',
            countWords(today),
          ]),
        ),
      ];

const sums = (entries: Status['ledger']): string =>
  Object.entries(entries)
    .map(([state, count]) => `${count} ${state}`)
    .join(' · ') || 'none';

const queueWords = ({ queues }: Status): string =>
  queues === null
    ? 'none: nothing runs'
    : `${queues.feeds} to poll, ${queues.drafts} to wake; dead letters ${queues.feedsDeadLetters} and ${queues.draftsDeadLetters}`;

const circuitLines = (page: Page, { circuits }: Status, { where }: Target): string[] =>
  circuits.length === 0
    ? [`Gate      ${page.paint('green', 'open')}`]
    : circuits.map((row) => `Gate      ${page.paint('red', circuitText(page, row, where))}`);

/** What somebody was told of and is not over, but batches, which are listed by themselves; which command shows more stands in the alert itself. */
const alertLines = (page: Page, { alerts }: Status, { where }: Target): string[] =>
  alerts
    .filter(({ kind }) => kind !== 'batch-held')
    .map((row) => {
      const { kind, text } = alertNotice({ row, entry: null }, { timezone: 'UTC', where });
      return `Alert     ${page.paint('yellow', plain(`${kind}: ${text}`))}`;
    });

const waitLines = (page: Page, { waitsForPerson }: Status, { where }: Target): string[] =>
  waitsForPerson === 0
    ? []
    : [
        '',
        page.paint(
          'yellow',
          `${waitsForPerson} ${waitsForPerson === 1 ? 'waits' : 'wait'} for you: ${toType('list --state held rejected uncertain', where)}`,
        ),
      ];

const duplicateLines = (page: Page, { possibleDuplicates: count }: Status, { where }: Target): string[] =>
  count === 0
    ? []
    : [
        page.paint(
          'yellow',
          `${count} possible ${count === 1 ? 'duplicate' : 'duplicates'}: ${toType('list --possible-duplicates', where)}`,
        ),
      ];
