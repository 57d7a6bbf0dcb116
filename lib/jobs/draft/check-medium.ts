import { judgeMedium, mediumToCheck, type ReadMedium } from '../../core/dash/medium.ts';
import { mediumUnchecked, type Rerender } from '../../core/ledger/entry-state.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import type { AcquireTurn, Clock, Invocation } from '../../core/ports.ts';
import type { TikTokPost } from '../../core/posts/tiktok-post.ts';

type Deps = { readMedium: ReadMedium; acquireTurn: AcquireTurn; clock: Clock };

/**
 * What the Library says about the video of a post that goes public. `note`: to be applied by the claim, so that it costs
 * no write of its own. `no-turn`: the rate limit leaves no time for the request in this invocation.
 */
type CheckedMedium = { kind: 'unusable'; detail: string } | { kind: 'no-turn' } | { note: Rerender | null };

/** Checks the video of a post before its row is claimed. Nothing is written, so a crash changes nothing. */
export const checkMedium = async (
  deps: Deps,
  row: EntryRow,
  post: TikTokPost,
  invocation: Invocation,
): Promise<CheckedMedium> => {
  const medium = mediumToCheck(post, deps.clock());
  if (medium === null) return { note: null };
  if (!(await deps.acquireTurn(invocation))) return { kind: 'no-turn' };
  const outcome = await deps.readMedium(medium);
  const verdict = judgeMedium(outcome, medium, medium.at);
  if (verdict.kind === 'unusable') return verdict;
  if (verdict.kind === 'usable') return { note: null };
  const { key, feed, brand } = row;
  const code = outcome.kind === 'unknown' ? outcome.code : 'dash.no-medium';
  invocation.report({ event: 'draft.media-unchecked', key, feed, brand, code, message: verdict.detail });
  return { note: mediumUnchecked(verdict.detail, deps.clock()) };
};
