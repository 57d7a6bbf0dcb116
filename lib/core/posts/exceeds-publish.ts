import type { Config, Publish } from '../config/config.ts';
import type { Verdict } from '../ledger/entry-state.ts';
import type { EntryRow } from '../ledger/row.ts';
import { publishModes } from './check-post.ts';
import type { TikTokPost } from './tiktok-post.ts';

/** How public each mode is: a draft is seen by its reviewers only. */
const reach: Readonly<Record<Publish, number>> = { draft: 0, schedule: 1, now: 2 };

const modes = Object.keys(publishModes) as Publish[];

/** The publish mode that sends such a post; undefined if none does. */
export const modeOf = ({ status, auto_publish }: TikTokPost): Publish | undefined =>
  modes.find(
    (mode) => publishModes[mode].status === status && publishModes[mode].auto_publish === auto_publish,
  );

const configuredFor = ({ feeds, webhooks }: Pick<Config, 'feeds' | 'webhooks'>, owner: string): Publish[] =>
  [...feeds, ...webhooks.map(({ mapping }) => mapping)]
    .filter(({ id }) => id === owner)
    .map(({ publish }) => publish);

/**
 * Why a post must not be sent under the current configuration: it would be more public than `publish` of its feed, or
 * of a webhook of that feed, allows. Null if it is not. A combination of `status` and `auto_publish` that no mode sends
 * is never allowed. The row is not trusted here, because feeds.yml may have changed since it was written, and another
 * program with write access to the table may have written it.
 */
export const exceedsPublish = (
  { feed, post }: Pick<EntryRow, 'feed' | 'post'>,
  config: Pick<Config, 'feeds' | 'webhooks'>,
): Verdict | null => {
  if (post === null) return null;
  const mode = modeOf(post);
  const allowed = configuredFor(config, feed);
  if (mode !== undefined && allowed.some((publish) => reach[mode] <= reach[publish])) return null;
  const requested = `status ${post.status} with auto_publish ${post.auto_publish}`;
  const allows = allowed.length === 0 ? 'no posts' : `publish: ${[...new Set(allowed)].join(' or ')}`;
  const remedy = mode === undefined ? 'Dismiss it' : `Set publish: ${mode} and release it, or dismiss it`;
  const detail = `the post has ${requested}, but feeds.yml allows ${allows} for ${feed}. ${remedy}`;
  return { state: 'held', code: 'post.not-as-configured', detail };
};
