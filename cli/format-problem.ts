import type { Problem } from '../lib/core/operator/problem.ts';
import { sentence } from '../lib/core/text/sentence.ts';
import { problemsOf } from '../lib/jobs/operator/problems-of.ts';
import type { Health } from '../lib/jobs/operator/read-health.ts';
import { reasonText } from './format-delivery.ts';
import type { Page } from './page.ts';
import type { Target } from './target.ts';

/** Everything in a status of this target that needs attention, the worst first. */
export const problemsAt = (status: Health, target: Target): Problem[] =>
  problemsOf(status, { ...target, timezone: target.config().timezone, deliveryReason: reasonText });

/** When it began, was last tried and is tried next, as far as that is known. */
const timesOf = (page: Page, { since, lastTriedAt, nextAt }: Problem): string[] => [
  ...(since === null ? [] : [`Since ${page.time(since)}.`]),
  ...(lastTriedAt === null ? [] : [`Last tried ${page.since(lastTriedAt)}.`]),
  ...(nextAt === null ? [] : [page.nextTry(nextAt)]),
];

/** Cause, effect and times of a problem in sentences. */
export const problemText = (page: Page, problem: Problem): string =>
  [sentence(problem.cause), problem.effect, ...timesOf(page, problem)].join(' ');

/** A problem for `--json`, with ISO times. */
export const problemJson = ({ since, lastTriedAt, nextAt, ...problem }: Problem) => {
  const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  return { ...problem, since: iso(since), lastTriedAt: iso(lastTriedAt), nextAt: iso(nextAt) };
};
