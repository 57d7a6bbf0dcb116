import type { AppEvent } from '../../lib/core/events.ts';
import type { World } from '../support/world.ts';
import type { Response } from './behaviour.ts';
import type { Outcome } from './truth.ts';

type Changed = Extract<AppEvent, { event: 'poll.changed' }>;

const isChanged = (event: AppEvent): event is Changed => event.event === 'poll.changed';

/** Events without a cause in these histories: every server responds, and nothing else writes. */
const unexpected = [
  'poll.count-mismatch',
  'poll.failed',
  'poll.overtaken',
  'entry.unsettled',
  'row.corrupt',
] as const;

/** Checks what must hold in every history, and collects violations in `broken`, as text. */
export const promises = (w: World) => {
  const broken: string[] = [];
  const known = new Set<string>();

  const alertsSince = (): number => {
    const raised = [...w.stores.alerts.flags.values()].filter(({ kind }) => kind.includes('held'));
    const fresh = raised.filter(({ id }) => !known.has(id));
    for (const { id } of fresh) known.add(id);
    return fresh.length;
  };

  /** A poll reports what it wrote: each new entry has a row. */
  const sumsUp = (feed: string, { entries }: Response, outcomes: Outcome[]): void => {
    const { counts } = w.events.find(isChanged) ?? {};
    if (!counts) {
      if (outcomes.length > 0) broken.push(`${feed}: a poll that reports no change wrote rows`);
      return;
    }
    if (counts.seen < entries.length)
      broken.push(`${feed}: ${counts.seen} of ${entries.length} entries were counted`);
    for (const state of ['queued', 'held', 'baselined'] as const) {
      const rows = outcomes.filter((one) => one.state === state).length;
      if (rows !== counts[state])
        broken.push(`${feed}: ${counts[state]} ${state} counted, ${rows} rows written`);
    }
  };

  /** One alert per batch, and none if nothing is held. */
  const raisesOneAlert = (feed: string, outcomes: Outcome[]): void => {
    const held = outcomes.filter(({ state }) => state === 'held').length;
    const raised = alertsSince();
    if (raised !== (held > 0 ? 1 : 0)) broken.push(`${feed}: ${held} entries held, ${raised} alerts raised`);
  };

  const hasReasons = (outcomes: Outcome[]): void => {
    for (const { story, state, code } of outcomes)
      if (code === '') broken.push(`story ${story} is ${state} without a reason`);
  };

  return {
    broken,
    /** `whole`: the poll did not crash, so its single report covers everything that was written. */
    afterPoll: (feed: string, response: Response, outcomes: Outcome[], whole: boolean): void => {
      if (whole) sumsUp(feed, response, outcomes);
      raisesOneAlert(feed, outcomes);
      hasReasons(outcomes);
      for (const event of w.events.filter((one) => (unexpected as readonly string[]).includes(one.event)))
        broken.push(JSON.stringify(event));
    },
    afterDelivery: hasReasons,
    /** Everything queued has been sent once. */
    atEnd: (): string[] => {
      const drafted = w.rows().filter(({ state }) => state === 'drafted').length;
      for (const { key, state } of w.rows()) if (state === 'queued') broken.push(`${key} was never sent`);
      if (drafted > w.posts.length)
        broken.push(`${drafted} rows are drafted, ${w.posts.length} posts were sent`);
      return broken;
    },
  };
};
