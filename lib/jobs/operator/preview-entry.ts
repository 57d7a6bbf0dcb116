import { templateValues } from '../../core/captions/template-values.ts';
import type { Config } from '../../core/config/config.ts';
import type { ReadAnswer } from '../../core/enrich/answer.ts';
import type { Entry } from '../../core/entries/entry.ts';
import type { EntryRow, State } from '../../core/ledger/row.ts';
import { type DryRunStores, dryRunStores } from '../../core/operator/dry-run-stores.ts';
import { historyLines } from '../../core/operator/explain.ts';
import { allowedFrom } from '../../core/operator/moves.ts';
import type { Clock } from '../../core/ports.ts';
import { overridesOf, withEdits } from '../../core/posts/edits.ts';
import { postBody } from '../../core/posts/post-body.ts';
import { type PostNote, postNotes } from '../../core/posts/post-notes.ts';
import type { TikTokPost } from '../../core/posts/tiktok-post.ts';
import { linksIn, type RuleCheck, tiktokRules } from '../../core/posts/tiktok-rules.ts';
import type { RenderedCandidate as Arrived } from '../ingest/candidates-of.ts';
import { moveEntries } from './move-entries.ts';
import { type SimulatedDraft, simulateInOrder } from './simulate-draft.ts';

/** When an entry's post is sent: `if-released`: only after a release; `sent`: it was sent or tried. */
type PostTiming = 'now' | 'later' | 'if-released' | 'sent' | 'never';

/** One entry of a feed: its actual or predicted state with the reason, and the exact post that is sent. */
export type PreviewedEntry = {
  entry: Pick<Entry, 'title' | 'link' | 'published'>;
  /** Null if the row has expired. */
  key: string | null;
  isKnown: boolean;
  /** The feed of the brand that its row belongs to; null: this one. */
  otherFeed: string | null;
  state: State | null;
  /** The ID of its draft. */
  postId: number | null;
  code: string;
  why: string;
  timing: PostTiming;
  /** Epoch milliseconds; null if nothing is sent, or was sent long ago. */
  at: number | null;
  /** Why it is sent later. */
  waits: string | null;
  post: TikTokPost | null;
  /** Why there is no post. */
  fault: string | null;
  /** The post rendered with the current settings, if another post is or was sent. */
  rerendered: TikTokPost | null;
  /** What its hook answers now; null: it was not asked. */
  hook: ReadAnswer | null;
  rules: RuleCheck[];
  notes: PostNote[];
};

/** The dry-run stores for previews, with no circuit open. */
export type PreviewDeps = DryRunStores & { config: Config; clock: Clock };
/** A candidate, and its document's title. */
export type PreviewCandidate = Arrived & { feedTitle: string | null };
/** A registered candidate; `fault`: its row cannot be read. */
export type RegisteredCandidate = {
  candidate: PreviewCandidate;
  isKnown: boolean;
  row: EntryRow | null;
  fault: string | null;
};

/** Previews an entry; `end`: the result of its simulated sending, if any. */
export const previewEntry = async (
  stores: PreviewDeps,
  met: RegisteredCandidate,
  end: SimulatedDraft | null | undefined,
): Promise<PreviewedEntry> => {
  const { candidate, isKnown, row } = met;
  const { entry } = candidate.identified;
  const ended = row === null ? null : (end ?? (await ifReleased(stores, row)));
  const shown = willBeHeld(row, ended) ?? row;
  const post = ended?.post ?? (shown === row ? (row?.post ?? candidate.post) : null);
  const moment = shown?.history.at(-1);
  const rerendered = candidate.post && row && withEdits(candidate.post, overridesOf(row));
  return {
    entry: { title: entry.title, link: entry.link, published: entry.published },
    key: row?.key ?? null,
    isKnown,
    otherFeed: row === null || row.feed === candidate.feed.id ? null : row.feed,
    state: row?.state ?? null,
    postId: row?.postId ?? null,
    code: moment?.code ?? 'entry.forgotten',
    why: shown === null ? (met.fault ?? forgotten) : (historyLines(shown).at(-1)?.text ?? ''),
    ...timingOf(row, ended, stores.clock()),
    post,
    fault: post === null && !candidate.rendered.ok ? candidate.rendered.detail : null,
    rerendered: isKnown && row !== null && isOther(post, rerendered) ? rerendered : null,
    hook: null,
    rules: post === null ? [] : tiktokRules(post, wholeLinks(candidate)),
    notes: post === null ? [] : postNotes(post, entry.video),
  };
};

/** The row after its turn, when its post can no longer be rendered or sent. */
const willBeHeld = (row: EntryRow | null, ended: SimulatedDraft | null): EntryRow | null =>
  row?.state === 'queued' && ended?.row?.state === 'held' ? ended.row : null;

const forgotten = 'Already seen on the feed. Its ledger row has expired.';

const releasable = new Set([...allowedFrom.release, ...allowedFrom.approve]);

/** An entry that is not sent automatically, simulated as if it were released now. */
const ifReleased = async (stores: PreviewDeps, row: EntryRow): Promise<SimulatedDraft | null> => {
  if (!releasable.has(row.state)) return null;
  const aside = { ...stores, ...dryRunStores(stores) };
  const deps = { ...aside, sendWakeUps: async () => {} };
  const [moved] = await moveEntries(deps, [row], {
    move: row.state === 'review' ? 'approve' : 'release',
    by: 'preview',
    evenIfOld: true,
  });
  if (!moved || moved.refusal) return null;
  return (await simulateInOrder(aside, [moved.row], stores.clock())).get(row.key) ?? null;
};

const timingOf = (row: EntryRow | null, ended: SimulatedDraft | null, now: number) => {
  const at = ended?.post ? ended.at : null;
  const limit = ended?.row && historyLines(ended.row).findLast(({ code }) => code.startsWith('limit.'));
  return {
    timing: timingKindOf(row, at, now),
    at,
    waits: at !== null && at > now ? (limit?.text ?? null) : null,
  };
};

const timingKindOf = (row: EntryRow | null, at: number | null, now: number): PostTiming => {
  if (row === null || row.state === 'dismissed') return 'never';
  if (releasable.has(row.state)) return 'if-released';
  if (row.state === 'enriching') return 'now';
  if (row.state !== 'queued') return 'sent';
  if (at === null) return 'never';
  return at > now ? 'later' : 'now';
};

const bodyOf = ({ timestamp: _, ...post }: TikTokPost): string => postBody(post);

/** The time in the calendar is decided on sending, so it is not a difference. */
const isOther = (kept: TikTokPost | null, rerendered: TikTokPost | null): boolean =>
  kept !== null && rerendered !== null && bodyOf(kept) !== bodyOf(rerendered);

const wholeLinks = ({ feed, feedTitle, identified: { entry }, rendered }: PreviewCandidate): string[] => {
  const link = rendered.ok ? templateValues(feed, entry, feedTitle).link : entry.link;
  const texts = [entry.title, entry.summary, entry.content].flatMap(linksIn);
  return [link, entry.link, entry.image, entry.video?.url, ...texts].filter((one) => typeof one === 'string');
};
