import { type ActivityRow, activityId } from '../../lib/core/activity/activity-row.ts';

/** An activity: a release of one entry that has ended, unless given otherwise. */
export const anActivity = ({ at = 1_000, ...given }: Partial<ActivityRow> = {}): ActivityRow => ({
  id: activityId(at, given.by ?? 'a'),
  rev: 1,
  at,
  endedAt: at,
  by: 'ada',
  kind: 'release',
  count: 1,
  refused: 0,
  feeds: ['newsroom'],
  key: 'entry-1',
  title: 'A bridge',
  scope: null,
  ...given,
});
