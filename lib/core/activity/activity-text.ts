import { andList } from '../text/sentence.ts';
import { type ActivityKind, type ActivityRow, maxFeeds } from './activity-row.ts';

const verbs: Record<ActivityKind, string> = {
  approve: 'approved',
  release: 'released',
  retry: 'tried again',
  dismiss: 'dismissed',
  confirm: 'confirmed',
  edit: 'edited',
  reset: 'reset to the template',
  snooze: 'snoozed',
  undo: 'undid the last decision about',
  pause: 'paused',
  resume: 'resumed',
  poll: 'polled',
  purge: 'deleted',
};

/** What an activity is about: an entry or a feed, which a page can link to, or something else in words. */
type About = { kind: 'entry'; key: string } | { kind: 'feed'; id: string } | { kind: 'words' };

/** What a person did, to be shown after their name. `text` names what it is about, between `before` and `more`. */
type ActivityText = { verb: string; before: string; about: About; text: string; more: string };

const feedsText = ({ feeds }: ActivityRow): string =>
  feeds.length < maxFeeds ? andList(feeds) : `${andList(feeds.slice(0, -1))} and others`;

const countText = ({ count, endedAt }: ActivityRow): string => {
  if (endedAt === null && count === 0) return 'entries';
  return `${count.toLocaleString('en')} ${count === 1 ? 'entry' : 'entries'}`;
};

const ofFeed = (id: string): Omit<ActivityText, 'verb'> => ({
  about: { kind: 'feed', id },
  before: '',
  text: id,
  more: '',
});

const inWords = (text: string): Omit<ActivityText, 'verb'> => ({
  about: { kind: 'words' },
  before: '',
  text,
  more: '',
});

const scopeWords = (scope: string): Omit<ActivityText, 'verb'> => {
  if (scope === 'all') return inWords('everything');
  return scope.startsWith('feed/') ? ofFeed(scope.slice('feed/'.length)) : inWords(scope.replace('/', ' '));
};

const aboutOf = (row: ActivityRow): Omit<ActivityText, 'verb'> => {
  const { scope, kind, key, title, feeds, refused } = row;
  if (scope !== null) return scopeWords(scope);
  if (kind === 'poll')
    return feeds[0] !== undefined && feeds.length === 1 ? ofFeed(feeds[0]) : inWords(feedsText(row));
  if (key !== null && kind !== 'purge')
    return {
      about: { kind: 'entry', key },
      before: '',
      text: title ?? key,
      more: feeds.length === 0 ? '' : ` of ${feedsText(row)}`,
    };
  const what = key === null ? countText(row) : `“${title ?? key}”`;
  const more = refused > 0 ? `; ${refused.toLocaleString('en')} unchanged` : '';
  if (feeds.length === 0) return { ...inWords(what), more };
  const [only] = feeds;
  return feeds.length === 1 && only !== undefined
    ? { ...ofFeed(only), before: `${what} of `, more }
    : { ...inWords(`${what} of ${feedsText(row)}`), more };
};

/** What a person did, after their name: `released`, `456 entries of `, `newsroom`. */
export const activityText = (row: ActivityRow): ActivityText => ({ verb: verbs[row.kind], ...aboutOf(row) });
