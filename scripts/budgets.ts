import type { Bundle } from './bundle.ts';

/**
 * How many bytes each bundle may have: a little above what it has, so that whoever makes one heavier says so here. Each
 * kilobyte is read and compiled at every cold start (docs/decisions/0002-bundles.md).
 */
export const budgets: Readonly<Record<string, number>> = {
  'create-draft': 470_000,
  'ingest-feeds': 410_000,
  'poll-feeds': 395_000,
  'receive-webhook': 577_000,
  'send-alerts': 410_000,
};

/** The bundles that are too large, one line each; a bundle without a budget is too large, too. */
export const overBudget = (bundles: readonly Pick<Bundle, 'name' | 'bytes'>[]): string[] =>
  bundles.flatMap(({ name, bytes }) => {
    const budget = budgets[name] ?? 0;
    return bytes > budget ? [`${name} has ${bytes} bytes, ${budget} are allowed`] : [];
  });
