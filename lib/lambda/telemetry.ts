import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { AppEvent, Report } from '../core/events.ts';
import { once } from '../core/once.ts';
import { type Measured, type MetricName, measure, metrics, namespace } from './metrics.ts';

const secretKey = /authorization|cookie|password|secret|token|^headers$|^body$/i;

/** Values under keys that may contain a secret or a whole document are never printed. */
const redact = (key: string, value: unknown) => (secretKey.test(key) ? '[redacted]' : value);

const levels: Record<AppEvent['event'], 'debug' | 'info' | 'warn' | 'error'> = {
  'tick.done': 'info',
  'tick.from-future': 'error',
  'renewal.unfinished': 'warn',
  'sweep.done': 'info',
  'poll.unchanged': 'debug', // one line per feed would cost more than its poll
  'poll.changed': 'info',
  'entry.unsettled': 'warn',
  'poll.failed': 'warn',
  'poll.recovered': 'info',
  'poll.deferred': 'info',
  'poll.moved': 'warn',
  'poll.wrong-304': 'warn',
  'feed.failing': 'error',
  'feed.working': 'info',
  'poll.overtaken': 'info',
  'poll.count-mismatch': 'error',
  'poll.gap': 'warn',
  'poll.batch-held': 'warn',
  'draft.created': 'info',
  'draft.unwritten': 'error',
  'hook.asked': 'info',
  'draft.withheld': 'info',
  'draft.rejected': 'warn',
  'draft.uncertain': 'warn',
  'draft.looked-up': 'info',
  'article.changed': 'info',
  'draft.updated': 'info',
  'draft.deferred': 'info',
  'draft.media-unchecked': 'warn',
  'draft.held': 'warn',
  'webhook.registered': 'info',
  'webhook.ignored': 'info',
  'webhook.refused': 'warn',
  'webhook.failed': 'error',
  'webhook.no-secret': 'error',
  'webhook.not-woken': 'warn',
  'webhook.not-recorded': 'warn',
  'token.kept': 'warn',
  'circuit.opened': 'warn',
  'circuit.closed': 'info',
  'alert.sent': 'warn',
  'alert.failed': 'error',
  'events.sent': 'info',
  'events.bus-failed': 'warn',
  'event.not-delivered': 'warn',
  'event.given-up': 'error',
  'row.corrupt': 'error',
};

/** Where an invocation's events go: state changes to the log at once, numbers to one EMF line at its end. */
export type Telemetry = {
  log: Logger;
  report: Report;
  count: (name: MetricName) => void;
  /** The values measured since the last flush; for milliseconds, the largest. */
  measured: () => Measured;
  flush: () => void;
};

/** By metric: the sum of a count; for milliseconds each value, which percentiles need. */
type Samples = Map<MetricName, number[]>;

const add = (samples: Samples, measured: Measured) => {
  for (const [name, value] of Object.entries(measured) as [MetricName, number][]) {
    const before = samples.get(name) ?? [];
    samples.set(name, metrics[name] === 'Count' ? [(before[0] ?? 0) + value] : [...before, value]);
  }
};

const publish = (emf: Metrics, samples: Samples) => {
  for (const [name, values] of samples)
    for (const value of values) if (shows(name, value)) emf.addMetric(name, metrics[name], value);
  if (emf.hasStoredMetrics()) emf.publishStoredMetrics();
  samples.clear();
};

// A metric costs money in every hour in which it is sent, and a count of zero shows nothing.
const shows = (name: MetricName, value: number) => value > 0 || metrics[name] !== 'Count';

/** Level and service name come from the POWERTOOLS_* environment. */
export const openTelemetry = (): Telemetry => {
  const log = new Logger({ jsonReplacerFn: redact });
  const emf = new Metrics({ namespace });
  const samples: Samples = new Map();

  return {
    log,
    report: (news) => {
      const { event, ...data } = news;
      log[levels[event]](event, { data });
      add(samples, measure(news));
    },
    count: (name) => add(samples, { [name]: 1 }),
    measured: () =>
      Object.fromEntries(
        [...samples]
          .map(([name, values]) => [name, Math.max(...values)] as const)
          .filter(([name, value]) => shows(name, value)),
      ),
    flush: () => publish(emf, samples),
  };
};

/** One per process, created on first use. */
export const telemetry: () => Telemetry = once(openTelemetry);
