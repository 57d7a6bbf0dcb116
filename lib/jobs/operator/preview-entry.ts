import { templateValues } from '../../core/captions/template-values.ts';
import type { Config } from '../../core/config/config.ts';
import type { Entry } from '../../core/entries/entry.ts';
import type { EntryRow, State } from '../../core/ledger/row.ts';
import { type DryRunStores, dryRunStores } from '../../core/operator/dry-run-stores.ts';
import { historyLines } from '../../core/operator/explain.ts';
import { allowedFrom } from '../../core/operator/moves.ts';
import type { Clock } from '../../core/ports.ts';
import { postBody } from '../../core/posts/post-body.ts';
import { type PostNote, postNotes } from '../../core/posts/post-notes.ts';
import type { TikTokPost } from '../../core/posts/tiktok-post.ts';
import { linksIn, type RuleCheck, tiktokRules } from '../../core/posts/tiktok-rules.ts';
import type { RenderedCandidate as Arrived } from '../ingest/candidates-of.ts';
import { moveEntries } from './move-entries.ts';
import { type SimulatedDraft, simulateInOrder } from './simulate-draft.ts';

/** When the post of an entry goes out: `if-released`: only once a person lets it; `sent`: it has gone out, or was tried. */
type PostTiming = 'now' | 'later' | 'if-released' | 'sent' | 'never';

/** One entry of a feed: what is, or would be, decided of it and why, and the very post that is sent. */
export type PreviewedEntry = {
  entry: Pick<Entry, 'title' | 'link' | 'published'>;
  /** Null where the ledger has forgotten it. */
  key: string | null;
  isKnown: boolean;
  /** Its row belongs to another feed of the brand; null: to this one. */
  otherFeed: string | null;
  state: State | null;
  /** Of the draft that was made of it. */
  postId: number | null;
  code: string;
  why: string;
  timing: PostTiming;
  /** Epoch milliseconds; null where nothing is sent, or was sent long ago. */
  at: number | null;
  /** Why it goes out later. */
  waits: string | null;
  post: TikTokPost | null;
  /** Why there is no post. */
  fault: string | null;
  /** What the settings of its feed make of the entry as it is now, where another post is sent, or was. */
  rerendered: TikTokPost | null;
  rules: RuleCheck[];
  notes: PostNote[];
};

/** What an entry is previewed over: a mirror with nothing closed. */
export type PreviewDeps = DryRunStores & { config: Config; clock: Clock };
/** An entry at the door, and what its document calls itself. */
export type PreviewCandidate = Arrived & { feedTitle: string | null };
/** What was met there: `fault`: nobody can read its row. */
export type RegisteredCandidate = {
  candidate: PreviewCandidate;
  isKnown: boolean;
  row: EntryRow | null;
  fault: string | null;
};

/** Tells of an entry; `end`: what came of sending it, where that has been rehearsed. */
export const previewEntry = async (
  stores: PreviewDeps,
  met: RegisteredCandidate,
  end: SimulatedDraft | null | undefined,
): Promise<PreviewedEntry> => {
  const { candidate, isKnown, row } = met;
  const { entry } = candidate.identified;
  const ended = row === null ? null : (end ?? (await ifReleased(stores, row)));
  const told = willBeHeld(row, ended) ?? row;
  const post = ended?.post ?? (told === row ? (row?.post ?? candidate.post) : null);
  const moment = told?.history.at(-1);
  return {
    entry: { title: entry.title, link: entry.link, published: entry.published },
    key: row?.key ?? null,
    isKnown,
    otherFeed: row === null || row.feed === candidate.feed.id ? null : row.feed,
    state: row?.state ?? null,
    postId: row?.postId ?? null,
    code: moment?.code ?? 'entry.forgotten',
    why: told === null ? (met.fault ?? forgotten) : (historyLines(told).at(-1)?.words ?? ''),
    ...timingOf(row, ended, stores.clock()),
    post,
    fault: post === null && !candidate.rendered.ok ? candidate.rendered.detail : null,
    rerendered: isKnown && row !== null && isOther(post, candidate.post) ? candidate.post : null,
    rules: post === null ? [] : tiktokRules(post, wholeLinks(candidate)),
    notes: post === null ? [] : postNotes(post, entry.video),
  };
};

/** The row as it will be where its turn comes and no post can be made of it any more, or none may be sent. */
const willBeHeld = (row: EntryRow | null, ended: SimulatedDraft | null): EntryRow | null =>
  row?.state === 'queued' && ended?.row?.state === 'held' ? ended.row : null;

const forgotten = 'The last window of the feed held it already: known, though the ledger has forgotten it';

const releasable = new Set(allowedFrom.release);

/** What is not sent by itself, as it would go out if a person released it now, and nothing else. */
const ifReleased = async (stores: PreviewDeps, row: EntryRow): Promise<SimulatedDraft | null> => {
  if (!releasable.has(row.state)) return null;
  const aside = { ...stores, ...dryRunStores(stores) };
  const deps = { ...aside, sendWakeUps: async () => {} };
  const [moved] = await moveEntries(deps, [row], { move: 'release', by: 'preview' });
  if (!moved || moved.refusal) return null;
  return (await simulateInOrder(aside, [moved.row], stores.clock())).get(row.key) ?? null;
};

const timingOf = (row: EntryRow | null, ended: SimulatedDraft | null, now: number) => {
  const at = ended?.post ? ended.at : null;
  const limit = ended?.row && historyLines(ended.row).findLast(({ code }) => code.startsWith('limit.'));
  return {
    timing: timingKindOf(row, at, now),
    at,
    waits: at !== null && at > now ? (limit?.words ?? null) : null,
  };
};

const timingKindOf = (row: EntryRow | null, at: number | null, now: number): PostTiming => {
  if (row === null || row.state === 'dismissed') return 'never';
  if (releasable.has(row.state)) return 'if-released';
  if (row.state !== 'queued') return 'sent';
  if (at === null) return 'never';
  return at > now ? 'later' : 'now';
};

const bodyOf = ({ timestamp: _, ...post }: TikTokPost): string => postBody(post);

/** When a post is to stand on the calendar is decided when it is sent, and so no difference. */
const isOther = (kept: TikTokPost | null, rerendered: TikTokPost | null): boolean =>
  kept !== null && rerendered !== null && bodyOf(kept) !== bodyOf(rerendered);

const wholeLinks = ({ feed, feedTitle, identified: { entry }, rendered }: PreviewCandidate): string[] => {
  const link = rendered.ok ? templateValues(feed, entry, feedTitle).link : entry.link;
  const texts = [entry.title, entry.summary, entry.content].flatMap(linksIn);
  return [link, entry.link, entry.image, entry.video?.url, ...texts].filter((one) => typeof one === 'string');
};
