import type { Bundle } from './bundle.ts';

/**
 * The maximum size of each bundle in bytes, slightly above its current size, so that growth is a deliberate decision.
 * Each kilobyte is read and compiled at every cold start (docs/decisions/0002-bundles.md).
 */
export const budgets: Readonly<Record<string, number>> = {
  console: 853_000,
  'create-draft': 489_000,
  'deliver-events': 300_000,
  'enrich-post': 595_000,
  'ingest-feeds': 424_000,
  'poll-feeds': 407_000,
  'receive-webhook': 593_000,
  'send-alerts': 421_000,
  'send-events': 277_000,
};

/** The bundles that exceed their budgets, one line each; a bundle without a budget counts as well. */
export const overBudget = (bundles: readonly Pick<Bundle, 'name' | 'bytes'>[]): string[] =>
  bundles.flatMap(({ name, bytes }) => {
    const budget = budgets[name] ?? 0;
    return bytes > budget ? [`${name} has ${bytes} bytes; its budget is ${budget}`] : [];
  });
