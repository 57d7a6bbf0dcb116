import type { EntryRow, Moment, State } from '../ledger/row.ts';

/** The meaning of each state, for users. */
export const stateWords: Readonly<Record<State, string>> = {
  baselined: 'was there before the feed was added, so no draft was made of it',
  filtered: 'a rule of its feed says no',
  held: 'waits for a person: something looked wrong, and nothing was sent',
  queued: 'waits for its turn to become a draft',
  drafting: 'is being sent to Dash Social at this moment',
  drafted: 'is a draft in Dash Social',
  rejected: 'Dash Social refused it',
  uncertain: 'may or may not exist in Dash Social: the answer was lost',
  dismissed: 'a person decided that no draft is made of it',
};

const withheld = 'draft.would-have-been-sent';

/** Withheld by a stage that delivers nothing: drafted according to the ledger, but not in Dash Social. */
const isWithheld = ({ state, postId, history }: EntryRow): boolean =>
  state === 'drafted' &&
  postId === null &&
  history.findLast((one) => one.state === 'drafted')?.code === withheld;

/** The meaning of a row's state, for users. */
export const tellState = (row: EntryRow): string =>
  isWithheld(row)
    ? 'would have been sent, but this stage delivers nothing: there is no draft of it'
    : stateWords[row.state];

/** The meaning of each code in a history. A code without a text is shown with its detail. */
const codeWords: Readonly<Record<string, string>> = {
  'entry.existing': 'Already on the feed when it was added, so no draft was made',
  'entry.backfilled': 'Seen on the first poll of its feed, among the newest that `backfill` asks for',
  'entry.known-from-window': 'Already seen on the feed, so no draft was made',
  'entry.new': 'New on the feed',
  'entry.older-than-feed': 'Older than the feed in this list, so no draft was made',
  'entry.old-news': 'Published too long ago to be news',
  'entry.mass-reissue': 'Held: many old entries came back at once',
  'entry.late': 'Held: it is listed among newer entries, but its date is old',
  'entry.out-of-order': 'Held: it has no date, and is not where this feed lists new entries',
  'entry.looks-like': 'Held: it may be an edited entry rather than a new one',
  'entry.taken-over': 'Another feed had no use for it, this one has',
  'entry.webhook': 'New: a content system sent it, and the ledger did not know it',
  'entry.stale': 'Held: it would have gone public long after its publication',
  'entry.too-large':
    'Held: its entry is too large to store, so a later change of the caption could not be applied',
  'caption.empty': 'Held: its caption would be empty',
  'caption.failed': 'Held: a template failed',
  'post.invalid': 'Held: the post would break a rule of Dash Social',
  'post.no-date': 'Held: the time it was to be posted at could not be reckoned',
  'post.timestamp-passed': 'Held: the time it was to go public has passed',
  'post.not-as-configured': 'Held: its post would go further than `publish` in feeds.yml allows',
  'feed.removed': 'Held: its feed is no longer in feeds.yml',
  'post.rendered-again': 'Its post was made again, by the settings in feeds.yml as they were then',
  'draft.claimed': 'A worker took it and sent it to Dash Social',
  [withheld]: 'It would have been sent',
  'draft.unexpected': 'An error nobody foresaw stopped it, and its request may have left',
  'draft.not-begun': 'An error nobody foresaw stopped it before anything was sent',
  'draft.not-sent': 'Given back before it was sent',
  'draft.created': 'Dash Social made the draft',
  'draft.twice': 'A second draft of it turned out to exist',
  'draft.lease-ran-out': 'The worker died while its request may have been under way',
  'dash.timeout': 'Dash Social did not answer in time',
  'dash.cut-off': 'The answer of Dash Social broke off',
  'dash.failed': 'Dash Social answered that it had failed',
  'dash.unreachable': 'Dash Social could not be reached',
  'dash.redirected': 'Dash Social pointed elsewhere',
  'dash.refused': 'Dash Social refused the request',
  'dash.unexpected-response': 'Dash Social answered what nobody expected',
  'dash.throttled': 'Dash Social asked to wait',
  'dash.unauthorized': 'There was no token that Dash Social takes',
  'dash.forbidden': 'Dash Social refused the brand',
  'limit.per-day': 'Put off: its feed has had its drafts of the day',
  'limit.per-hour': 'Put off: its feed has had its drafts of the hour',
  'limit.quiet': 'Put off: it is quiet time for its feed',
  'limit.slots': 'Put off: every slot of its feed is taken',
  'dash.rejected': 'Dash Social refused it',
  'look-up.found': 'Looked for in Dash Social, and found',
  'look-up.absent': 'Looked for in Dash Social, and surely not there: it waits to be sent again',
  'look-up.cannot-tell': 'Looked for in Dash Social, which could not tell',
  'move.release': 'A person released it',
  'move.retry': 'A person had it tried again',
  'move.dismiss': 'A person dismissed it',
  'move.confirm': 'A person confirmed that the draft exists',
};

/** One moment of a row's history, as text. */
type ToldMoment = Moment & { words: string };

/** The whole history as text, oldest first. */
export const historyLines = ({ history }: Pick<EntryRow, 'history'>): ToldMoment[] =>
  history.map((moment) => ({ ...moment, words: wordsOf(moment) }));

const meaningOf = ({ code, state }: Moment): string => {
  if (code.startsWith('rule.')) return 'Filtered: a rule of its feed says no';
  return codeWords[code] ?? `${code}: it ${stateWords[state]}`;
};

const wordsOf = (moment: Moment): string => {
  const { detail } = moment;
  const known = meaningOf(moment);
  return detail === undefined ? known : `${known} (${detail})`;
};

/** Whose template its caption was rendered with. */
export const tellRendering = ({ rendering: { by } }: Pick<EntryRow, 'rendering'>): string => {
  const at = by.lastIndexOf('/');
  return `the template of ${by.endsWith('/hook') ? 'webhook' : 'feed'} ${by.slice(0, at)}`;
};

/** Notes besides the history: possible duplicates, waiting times, Dash Social's errors. */
export const tellMore = (row: EntryRow, now: number): string[] => {
  const told: string[] = [];
  if (row.mayBeTwice > 0 && row.checkedAt === null)
    told.push(`there may be ${row.mayBeTwice + 1} drafts of it: look in Dash Social, then confirm`);
  if (row.alsoPosted.length > 0) told.push(`drafts ${row.alsoPosted.join(', ')} exist besides`);
  if (row.state === 'drafted' && row.postId === null && !isWithheld(row))
    told.push("the answer that held the draft's id could not be read");
  if (row.state === 'queued' && row.dueAt > now) told.push('it waits for a later moment');
  if (row.post === null) told.push('there is no post of it yet');
  return told;
};
