import { dashDrafts } from '../lib/adapters/dash-social/dash-drafts.ts';
import type { Config } from '../lib/core/config/config.ts';
import type { ExamineContext } from './examine-target.ts';
import { examine, type Finding, failed, ok, skipped } from './finding.ts';
import { updatingOwners } from './update-notes.ts';

const name = 'one post';

/** Whether `on_edit: update` can read a draft before it changes it, checked with a brand's latest draft. */
export const examineDrafts = async (
  connection: Parameters<typeof dashDrafts>[0],
  { target }: Pick<ExamineContext, 'target'>,
  config: Config,
  brand: number,
): Promise<Finding[]> => {
  if (updatingOwners(config).length === 0) return [];
  return examine(name, async () => {
    const latest = await target.latestDrafts.read(brand);
    if (!latest)
      return skipped(name, 'there is no draft yet to read; until then, on_edit: update reports edits');
    const read = await dashDrafts(connection).read(latest.postId);
    if (read.kind === 'later') return skipped(name, read.why);
    const fix =
      'Edits are reported instead, and update-draft --unchecked changes a draft. Set on_edit: alert.';
    if (read.kind === 'not-shown') return failed(name, read.why, fix);
    return typeof read.post.status === 'string'
      ? ok(name, `Dash Social shows draft ${latest.postId}, so drafts can be changed with their articles`)
      : failed(name, 'Dash Social shows it without its status', fix);
  });
};
