import { draftIds } from '../entries/identity/possible-duplicate.ts';
import { lastReason } from '../ledger/history.ts';
import type { EntryRow, Moment, State } from '../ledger/row.ts';
import { sentence, withStop } from '../text/sentence.ts';

/** A state in the output of commands, which also take these names. */
export const stateName = (state: State): string => (state === 'uncertain' ? 'unknown outcome' : state);

/** A state in the words of the console, for people who have never seen feeds.yml. */
export const stateLabels: Readonly<Record<State, string>> = {
  baselined: 'Already on the feed',
  filtered: 'Skipped by a rule',
  held: 'Held for your decision',
  enriching: 'Waiting for your hook',
  review: 'To review',
  queued: 'Waiting to be sent',
  drafting: 'Being sent',
  drafted: 'Sent to Dash Social',
  rejected: 'Rejected',
  uncertain: 'Unknown outcome',
  dismissed: 'Dismissed',
};

const stateTexts: Readonly<Record<State, string>> = {
  baselined: 'Not new, so no draft was made.',
  filtered: 'Left out by a rule in feeds.yml.',
  held: 'Nothing was sent; it needs your decision.',
  enriching: 'Waiting for the answer of your hook; nothing is sent before that.',
  review: 'Waiting for your approval; nothing is sent before that.',
  queued: 'Waiting to be sent to Dash Social.',
  drafting: 'Being sent to Dash Social now.',
  drafted: 'The draft is in Dash Social.',
  rejected: 'Dash Social rejected it.',
  uncertain: 'The outcome is unknown: the draft may or may not exist.',
  dismissed: 'Dismissed, so no draft is made.',
};

const withheld = 'draft.would-have-been-sent';

/** Not sent by a stage that delivers nothing: drafted in the ledger, and not in Dash Social. */
const isWithheld = ({ state, postId, history }: EntryRow): boolean =>
  state === 'drafted' &&
  postId === null &&
  history.findLast((one) => one.state === 'drafted')?.code === withheld;

/** What the state of a row means, as a sentence. */
export const stateText = (row: EntryRow): string =>
  isWithheld(row)
    ? 'It would have been sent, but this stage delivers nothing, so there is no draft.'
    : stateTexts[row.state];

const notSent = (why: string): string => `Not sent: ${withStop(why)}`;

/** Codes whose detail is their sentence, or a part of it. */
const sentences: Readonly<Record<string, (detail: string) => string>> = {
  'entry.taken-over': (feed) => `Left out by another feed, but taken by ${feed}.`,
  'enrich.skipped': (why) => `Your hook refused it: ${withStop(why)}`,
  'draft.not-sent': notSent,
  'dash.timeout': sentence,
  'dash.cut-off': sentence,
  'dash.failed': sentence,
  'dash.unreachable': sentence,
  'dash.redirected': sentence,
  'dash.refused': sentence,
  'dash.unexpected-response': sentence,
  'dash.throttled': notSent,
  'dash.unauthorized': notSent,
  'dash.forbidden': notSent,
  'dash.rejected': (message) => `Dash Social rejected the post: ${withStop(message)}`,
  'limit.per-day': (limit) => `Daily limit reached (${limit}).`,
  'limit.per-hour': (limit) => `Hourly limit reached (${limit}).`,
  'limit.quiet': () => 'It waits until quiet hours end.',
  'look-up.not-available': (why) => `Not looked up yet: ${withStop(why)}`,
  'look-up.inconclusive': (why) =>
    `Looked up, but it cannot be determined whether the draft exists: ${withStop(why)}`,
  'move.approve': (by) => `Approved ${by}.`,
  'move.release': (by) => `Released ${by}.`,
  'move.retry': (by) => `Queued again ${by}.`,
  'move.dismiss': (by) => `Dismissed ${by}.`,
  'move.confirm': (by) => `Confirmed ${by}.`,
  'edit.changed': (what) => `Edited ${what}.`,
  'edit.reset': (what) => `Reset to the template ${what}.`,
  'edit.snoozed': (what) => `Snoozed until ${what}.`,
  'article.changed': (what) => `The article changed: ${withStop(what)}`,
  'article.kept': (by) => `The draft was kept as it is ${by}.`,
  'article.update-requested': (by) => `A change of the draft was requested ${by}.`,
  'article.updated': (what) => `The draft was changed with its article: ${withStop(what)}`,
  'article.not-updated': (why) => `The draft was not changed: ${withStop(why)}`,
  'undo.approve': (by) => `The approval was undone ${by}.`,
  'undo.release': (by) => `The release was undone ${by}.`,
  'undo.retry': (by) => `The retry was undone ${by}.`,
  'undo.dismiss': (by) => `The dismissal was undone ${by}.`,
  'undo.edit': (by) => `The edit was undone ${by}.`,
  'undo.snooze': (by) => `The snooze was undone ${by}.`,
};

const byRule = (rule: string): string => `Filtered by ${withStop(rule)}`;

/** What each code in a history means. A detail follows as a sentence of its own. */
const codeTexts: Readonly<Record<string, string>> = {
  'entry.existing': 'Already on the feed when it was added, so no draft was made.',
  'entry.backfilled': 'Already on the feed when it was added, and chosen to be posted all the same.',
  'entry.known-from-window': 'Already seen on the feed, so no draft was made.',
  'entry.new': 'New on the feed.',
  'entry.older-than-feed': 'Older than the entries seen so far, so no draft was made.',
  'entry.old-news': 'Published too long ago for its feed.',
  'entry.mass-reissue': 'Held: old entries reappeared at once. The site was probably rebuilt.',
  'entry.late': 'Held: it is listed among newer entries, but its date is old.',
  'entry.out-of-order': 'Held: it has no date and is not where this feed lists new entries.',
  'entry.looks-like': 'Held: it may be an edited entry rather than a new one.',
  'entry.taken-over': 'Left out by another feed, but taken by this one.',
  'entry.webhook': 'New: sent by a webhook.',
  'entry.stale': 'Held: it would have gone public too long after it was published.',
  'entry.too-large':
    'Held: the entry is too large to store, so later changes of the caption would not reach it.',
  'caption.empty': 'Held: the caption is empty.',
  'caption.failed': 'Held: no caption could be rendered.',
  'post.invalid': 'Held: the post breaks a rule of Dash Social.',
  'post.no-date': 'Held: its time could not be calculated.',
  'media.unusable':
    'Held: its video may not be published. Change that in the Library of Dash Social, or choose another video; then release it.',
  'media.unchecked': 'Its video could not be checked in the Library, so it was sent unchecked.',
  'post.timestamp-passed': 'Held: its publishing time has passed.',
  'post.not-as-configured': 'Held: the post would be more public than its feed allows.',
  'enrich.due': 'Your hook is asked before it is sent.',
  'enrich.asked': 'Your hook was asked.',
  'enrich.answered': 'Your hook answered.',
  'enrich.no-answer': 'Your hook gave no usable answer; it is asked again.',
  'enrich.skipped': 'Your hook refused it, so no draft is made.',
  'enrich.failed': 'Your hook gave no usable answer.',
  'enrich.no-hook': 'Its feed has no hook anymore, so none is asked.',
  'feed.removed': 'Held: its feed was removed.',
  'post.rendered-again': 'The post was rendered again with the current settings in feeds.yml.',
  'draft.claimed': 'Sending to Dash Social.',
  [withheld]: 'Not sent.',
  'draft.unexpected': 'An unexpected error interrupted it; the request may have reached Dash Social.',
  'draft.not-begun': 'An unexpected error stopped it before anything was sent.',
  'draft.not-sent': 'Not sent; queued again.',
  'draft.created': 'Draft created in Dash Social.',
  'draft.twice': 'A second draft was created.',
  'draft.lease-ran-out':
    'The worker stopped before it recorded the outcome; the request may have reached Dash Social.',
  'dash.timeout': 'Dash Social did not respond in time.',
  'dash.cut-off': 'The response from Dash Social was cut off.',
  'dash.failed': 'Dash Social returned a server error.',
  'dash.unreachable': 'Dash Social could not be reached.',
  'dash.redirected': 'Dash Social returned a redirect.',
  'dash.refused': 'Dash Social refused the request.',
  'dash.unexpected-response': 'Dash Social returned an unexpected response.',
  'dash.throttled': 'The rate limit of Dash Social was reached.',
  'dash.unauthorized': 'There was no valid token for Dash Social.',
  'dash.forbidden': 'Dash Social refused access to the brand.',
  'limit.per-day': 'Daily limit reached.',
  'limit.per-hour': 'Hourly limit reached.',
  'limit.quiet': 'It waits until quiet hours end.',
  'limit.slots': 'It waits for a free slot.',
  'dash.rejected': 'Dash Social rejected the post.',
  'look-up.found': 'Looked up: the draft exists in Dash Social.',
  'look-up.absent': 'Looked up: there is no draft in Dash Social, so it is sent again.',
  'look-up.not-available': 'Not looked up yet.',
  'look-up.inconclusive': 'Looked up, but it cannot be determined whether the draft exists.',
  'move.approve': 'Approved.',
  'move.release': 'Released.',
  'move.retry': 'Queued again.',
  'move.dismiss': 'Dismissed.',
  'move.confirm': 'Confirmed.',
  'edit.changed': 'Edited.',
  'edit.reset': 'Reset to the template.',
  'edit.snoozed': 'Snoozed.',
  'article.changed': 'The article changed.',
  'article.kept': 'The draft was kept as it is.',
  'article.update-requested': 'A change of the draft was requested.',
  'article.updated': 'The draft was changed with its article.',
  'article.not-updated': 'The draft was not changed.',
  'undo.approve': 'The approval was undone.',
  'undo.release': 'The release was undone.',
  'undo.retry': 'The retry was undone.',
  'undo.dismiss': 'The dismissal was undone.',
  'undo.edit': 'The edit was undone.',
  'undo.snooze': 'The snooze was undone.',
};

const textOf = ({ code, state, detail }: Moment): string => {
  const combined = code.startsWith('rule.') ? byRule : sentences[code];
  if (combined && detail !== undefined) return combined(detail);
  const text = codeTexts[code] ?? `${code}: ${stateTexts[state]}`;
  return detail === undefined ? text : `${text} ${sentence(detail)}`;
};

/** The reason for a row's state in a few words, without details; empty if none is known. */
export const briefReason = (row: Pick<EntryRow, 'history'>): string => {
  const last = lastReason(row);
  if (last === undefined) return '';
  const { code, state, detail = 'a rule' } = last;
  const text = code.startsWith('rule.') ? byRule(detail) : (codeTexts[code] ?? stateTexts[state]);
  const [words = ''] = text.replace(/^Held: /, '').split(/[.:;](?: |$)/);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
};

/** The whole history, oldest first, each moment with its text. */
export const historyLines = ({ history }: Pick<EntryRow, 'history'>): (Moment & { text: string })[] =>
  history.map((moment) => ({ ...moment, text: textOf(moment) }));

/** Whose template rendered the caption. */
export const captionSource = ({ rendering: { by } }: Pick<EntryRow, 'rendering'>): string => {
  const at = by.lastIndexOf('/');
  return `the template of ${by.endsWith('/hook') ? 'webhook' : 'feed'} ${by.slice(0, at)}`;
};

const knownDrafts = (row: EntryRow): string => {
  const ids = draftIds(row);
  return ids.length === 0 ? '' : ` (known: ${ids.join(', ')})`;
};

/** Notes beside the history: possible duplicates, a missing post, a time in the future. */
export const notesOn = (row: EntryRow, now: number): string[] => {
  const others = row.alsoPosted;
  return [
    ...(row.mayBeTwice > 0 && row.checkedAt === null
      ? [
          `There may be ${row.mayBeTwice + 1} drafts of it${knownDrafts(row)}. Check Dash Social, then confirm.`,
        ]
      : []),
    ...(others.length === 1 ? [`Draft ${others[0]} also exists.`] : []),
    ...(others.length > 1 ? [`Drafts ${others.join(', ')} also exist.`] : []),
    ...(row.state === 'drafted' && row.postId === null && !isWithheld(row)
      ? ['The ID of the draft is unknown, because the response could not be read.']
      : []),
    ...(row.state === 'queued' && row.dueAt > now ? ['It is not due yet.'] : []),
    ...(row.post === null ? ['It has no post yet.'] : []),
  ];
};
