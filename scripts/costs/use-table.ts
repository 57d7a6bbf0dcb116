import type { MeasuredUse, Use } from './measured-use.ts';

/** A whole number as people write it: 10,000. */
export const whole = (number: number): string => String(number).replace(/\B(?=(\d{3})+$)/g, ',');

const rowOf = (name: string, use: Use) => [
  name,
  use.wallMs,
  use.cpuMs,
  use.readUnits,
  use.writeUnits,
  use.sqsRequests,
  use.logBytes,
  use.sentBytes,
  use.storedBytes,
];

/** What each operation requested from AWS, for the benchmark that measures it and the page that calculates its cost. */
export const useTable = ({ ticks, unchanged, news, drafts, webhook }: MeasuredUse) => ({
  head: [
    'work',
    'ms',
    'CPU ms',
    'read units',
    'write units',
    'SQS requests',
    'log bytes',
    'sent bytes',
    'stored bytes',
  ],
  rows: [
    ...Object.entries(ticks).map(([feeds, use]) => rowOf(`a tick, ${whole(Number(feeds))} feeds`, use)),
    rowOf('a poll of one feed, unchanged', unchanged.one),
    rowOf('a poll of twenty, unchanged', unchanged.twenty),
    rowOf('a poll of twenty, each with an entry', news),
    rowOf('one draft', drafts.one),
    rowOf('ten drafts', drafts.ten),
    rowOf('a webhook delivery', webhook),
  ],
});
