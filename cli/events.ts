import { Command, InvalidArgumentError, Option } from 'commander';
import type { EventsConfig } from '../lib/core/config/config.ts';
import { liveStage } from '../lib/core/config/stages.ts';
import { misconfigured } from '../lib/core/errors.ts';
import { replayEvents } from '../lib/jobs/operator/replay-events.ts';
import { type EventQueues, notRunning, type Target } from './target.ts';
import { act, type Cli, examples, type Result, type VerbInput } from './verb.ts';

type Options = { since?: number };

const day = (text: string): number => {
  const time = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new InvalidArgumentError('Write a day such as 2026-11-01, in UTC.');
  return time;
};

const events = (count: number) => (count === 1 ? '1 event' : `${count} events`);

const off = () =>
  misconfigured('events.off', 'Events are off: add events: to feeds.yml, then start or deploy it again.');

const eventsOf = (target: Target): EventsConfig => {
  const { events: written } = target.config();
  if (written === undefined) throw off();
  return written;
};

const queuesOf = (target: Target): EventQueues => {
  if (!target.isRunning) throw notRunning(target);
  if (target.events === null) throw off();
  return target.events;
};

const replayed = (count: number, what: string): Result => ({
  json: { events: count },
  lines: (page) => [count === 0 ? `No ${what}.` : `${page.paint('green', events(count))} sent again.`],
});

const runReplay = async ({ options, target, progress }: VerbInput<Options>): Promise<Result> => {
  const opened = await target();
  const queues = queuesOf(opened);
  const { since } = options;
  if (since === undefined) {
    const deliveries = await progress('sending dead letters again', queues.redrive);
    return replayed(deliveries, 'events were given up');
  }
  const { ledger, feedStore, circuits } = opened;
  const deps = {
    ...{ ledger, feedStore, circuits, config: opened.config(), events: eventsOf(opened) },
    stage: options.stage ?? liveStage,
    hasBus: options.stage !== undefined,
    sendDeliveries: queues.sendDeliveries,
  };
  return replayed(await progress('sending events', () => replayEvents(deps, since)), 'changes since then');
};

/** `events replay`: sends events again. */
export const eventsCommand = (cli: Cli): Command =>
  new Command('events')
    .description('send events to other programs again')
    .addCommand(
      new Command('replay')
        .description('send the events again that could not be delivered for three days')
        .addOption(
          new Option('--since <day>', 'instead the present state of everything that changed since').argParser(
            day,
          ),
        )
        .addHelpText('after', examples('events replay', 'events replay --since 2026-11-01'))
        .action(act<Options>(cli, runReplay)),
    )
    .addHelpText('after', examples('events replay', 'events replay --since 2026-11-01'));
