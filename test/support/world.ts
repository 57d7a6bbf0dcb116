import type { Config, EnrichConfig, FeedConfig } from '../../lib/core/config/config.ts';
import type { MediumOf, MediumOutcome } from '../../lib/core/dash/medium.ts';
import { clientTimeoutMs, serverDelayMs } from '../../lib/core/dash/timing.ts';
import type { Question } from '../../lib/core/enrich/question.ts';
import type { Entry, Feed } from '../../lib/core/entries/entry.ts';
import { misconfigured } from '../../lib/core/errors.ts';
import type { AppEvent } from '../../lib/core/events.ts';
import type { EntryRow, State } from '../../lib/core/ledger/row.ts';
import type {
  CreateOutcome,
  DashDrafts,
  DraftRead,
  DraftWritten,
  FetchRequest,
  FetchResponse,
  Invocation,
  ListRecentPosts,
  ProbeOutcome,
  RecentPosts,
  WakeUp,
} from '../../lib/core/ports.ts';
import type { TikTokPost } from '../../lib/core/posts/tiktok-post.ts';
import { createDraft } from '../../lib/jobs/draft/create-draft.ts';
import { enrichPost } from '../../lib/jobs/enrich/enrich-post.ts';
import { ingestFeeds } from '../../lib/jobs/ingest/ingest-feeds.ts';
import { pollFeeds } from '../../lib/jobs/poll/poll-feeds.ts';
import { feedOf, postOf } from './entries.ts';
import {
  fakeAlertStore,
  fakeCircuitStore,
  fakeDeliveryStore,
  fakeFeedStore,
  fakeLatestDrafts,
  fakeLedger,
  fakeQueues,
  fakeQuotaStore,
  type Hooks,
  hooked,
} from './fake-stores.ts';
import { readsHere } from './reads-here.ts';

/** Dash Social's response to one POST: how the client sees it, and whether the post exists afterwards. */
export type Response =
  | 'created'
  | 'created, unreadable'
  | 'lost, created'
  | 'lost, created late'
  | 'lost, not created'
  | 'rejected'
  | 'throttled'
  | 'unauthorized'
  | 'forbidden'
  | 'not-created';

export type SentPost = { id: number; post: TikTokPost; at: number };

const creates: ReadonlySet<Response> = new Set([
  'created',
  'created, unreadable',
  'lost, created',
  'lost, created late',
]);

const outcomeOf = (response: Response, id: number, now: number): CreateOutcome => {
  const rate = null;
  const bad = { code: 'dash.test', message: response, rate };
  switch (response) {
    case 'created':
      return { kind: 'created', postId: id, rate };
    case 'created, unreadable':
      return { kind: 'created', postId: null, rate };
    case 'rejected':
      return {
        kind: 'rejected',
        status: 422,
        message: 'text is too long',
        errors: { text: ['too long'] },
        rate,
      };
    case 'throttled':
      return { kind: 'throttled', until: now + 45_000, rate };
    case 'unauthorized':
    case 'forbidden':
      return { kind: response, rate };
    case 'not-created':
      return { kind: 'not-created', ...bad };
    default:
      return { kind: 'uncertain', ...bad };
  }
};

const minute = 60_000;

/** A video that may be published at any time. */
const freeMedium = { status: null, from: null, until: null, rightsUntil: null };

const texts = new WeakMap<Entry[], string>();
const textOf = (doc: Entry[]): string => {
  const text = texts.get(doc) ?? JSON.stringify(doc);
  texts.set(doc, text);
  return text;
};

/**
 * The whole pipeline with fakes: a publisher with settable documents, Dash Social with settable responses, and a
 * clock that only moves explicitly. `older` are known drafts of an hour ago. The jobs are the real ones.
 */
export const world = (feeds: Partial<FeedConfig>[] = [{}], hooks: Hooks = {}) => {
  const config: Config = {
    timezone: 'UTC',
    dash: { lookUp: true, ratePerMinute: 1000 },
    feeds: feeds.map((feed) => feedOf({ rhythm: { everyMs: minute }, ...feed })),
    webhooks: [],
  };
  const state = {
    now: Date.UTC(2026, 0, 1),
    response: 'created' as Response,
    up: true,
    lists: true as boolean | 'not now',
    shows: 'shown' as DraftRead['kind'],
    change: 'changed' as 'changed' | 'refused' | 'unknown, changed' | 'unknown, not changed',
    token: true,
    ids: 0,
    /** What the Library says about every video. */
    medium: { kind: 'found', medium: freeMedium } as MediumOutcome,
    fetches: 0,
    /** What the hook answers; an error is thrown. */
    answer: undefined as unknown,
  };
  const docs = new Map<string, Entry[] | Error>();
  const posts: SentPost[] = [];
  const older = [144, 7].map(
    (brand_id): SentPost => ({
      id: 900 + brand_id,
      post: { ...postOf('An older draft'), brand_id },
      at: state.now - 60 * minute,
    }),
  );
  const sent: TikTokPost[] = [];
  const asked: Question[] = [];
  const patches: Record<string, unknown>[] = [];
  const events: AppEvent[] = [];
  const stores = {
    ledger: fakeLedger(hooks, undefined, () => state.now),
    feedStore: fakeFeedStore(hooks),
    circuits: fakeCircuitStore(hooks),
    quotas: fakeQuotaStore(hooks),
    latestDrafts: fakeLatestDrafts(
      hooks,
      new Map(older.map(({ id, post, at }) => [post.brand_id, { brand: post.brand_id, postId: id, at }])),
    ),
    alerts: fakeAlertStore(hooks),
    deliveries: fakeDeliveryStore(hooks),
    queues: fakeQueues(hooks),
  };
  const invocation: Invocation = { remainingMs: () => 120_000, report: (event) => events.push(event) };

  const fetchFeed = hooked(
    hooks,
    'publisher.fetch',
  )(({ url, validators }: FetchRequest): FetchResponse => {
    state.fetches += 1;
    const doc = docs.get(url) ?? [];
    if (doc instanceof Error) throw doc;
    const text = textOf(doc);
    const hints = { freshUntil: null };
    if (validators?.etag === text) return { kind: 'unchanged', hints };
    const bytes = new TextEncoder().encode(text);
    return {
      kind: 'document',
      bytes,
      contentType: null,
      url,
      validators: { etag: text, lastModified: null },
      hints,
    };
  });
  const parseFeed = async ({ bytes }: { bytes: Uint8Array }): Promise<Feed> => ({
    format: 'test',
    title: 'Newsroom',
    link: null,
    entries: JSON.parse(new TextDecoder().decode(bytes)),
    ...{ complete: true, truncated: 0, fragments: [] },
    hints: { ttlMs: null, skipHours: [], skipDays: [] },
  });
  const dash = {
    create: hooked(
      hooks,
      'dash.create',
    )((post: TikTokPost, { canStillSend }: { canStillSend: () => boolean }): CreateOutcome => {
      if (!canStillSend()) return { kind: 'not-sent' };
      sent.push(post);
      const id = posts.length + 1;
      const { response } = state;
      // As late as Dash Social may create a post after the request was sent.
      const lateMs = response === 'lost, created late' ? clientTimeoutMs + serverDelayMs : 0;
      if (creates.has(response)) posts.push({ id, post, at: state.now + lateMs });
      return outcomeOf(response, id, state.now);
    }),
    probe: hooked(
      hooks,
      'dash.probe',
    )((): ProbeOutcome => (state.up ? { kind: 'up' } : { kind: 'down', code: 'dash.test', message: 'down' })),
  };

  const drafts: DashDrafts = {
    read: hooked(
      hooks,
      'dash.read',
    )((postId: number): DraftRead => {
      if (state.shows !== 'shown') return { kind: state.shows, why: 'Dash Social returned 404' };
      const found = posts.find(({ id }) => id === postId);
      return found
        ? { kind: 'shown', post: { ...found.post, id: postId } }
        : { kind: 'not-shown', why: 'Dash Social returned 404' };
    }),
    change: hooked(
      hooks,
      'dash.change',
    )((postId: number, fields: Record<string, unknown>): DraftWritten => {
      const at = posts.findIndex(({ id }) => id === postId);
      const found = posts[at];
      patches.push(fields);
      const isMade = state.change === 'changed' || state.change === 'unknown, changed';
      if (found && isMade) posts[at] = { ...found, post: { ...found.post, ...fields } as TikTokPost };
      if (state.change === 'changed') return { kind: 'changed' };
      return { kind: state.change === 'refused' ? 'refused' : 'unknown', why: 'no response' };
    }),
  };

  const services = {
    config,
    drafts,
    ...stores,
    ...stores.queues,
    fetchFeed,
    ...readsHere(parseFeed),
    dash,
    readyToken: hooked(
      hooks,
      'token.ready',
    )(() => {
      if (!state.token) throw misconfigured('token.missing', 'the secret has no value');
    }),
    listRecentPosts: hooked(
      hooks,
      'dash.list',
    )(({ brand, since }: Parameters<ListRecentPosts>[0]): RecentPosts => {
      const listed = [...posts, ...older].filter(
        ({ post, at }) => post.brand_id === brand && at <= state.now,
      );
      if (state.lists === 'not now')
        return { kind: 'unavailable', code: 'dash.list-unavailable', message: 'it returned 401' };
      if (!state.lists) return { kind: 'inconclusive', code: 'dash.no-list', message: '404' };
      return {
        kind: 'listed',
        posts: listed.map(({ id, post, at }) => ({
          id,
          brand: post.brand_id,
          text: post.text ?? null,
          createdAt: at,
        })),
        reachesBefore: listed.some(({ at }) => at < since),
      };
    }),
    readMedium: hooked(hooks, 'media.read')((_: MediumOf): MediumOutcome => state.medium),
    preview: false,
    askHook: hooked(
      hooks,
      'hook.ask',
    )((_: EnrichConfig, question: Question): unknown => {
      asked.push(question);
      if (state.answer instanceof Error) throw state.answer;
      return state.answer;
    }),
    announces: false,
    acquireTurn: hooked(hooks, 'turn.take')(() => true),
    updateRate: () => {},
    clock: () => state.now,
    random: () => 0.5,
    newId: () => `claim-${++state.ids}`,
    sleep: async (ms: number) => {
      state.now += ms;
    },
    registrationsAtOnce: 1,
    wakeUpsATick: 1000,
  };

  /** Creates a worker, whose memory starts empty. */
  const worker = () => createDraft(services);
  let only = worker();

  const poll = async (ids: string[] = config.feeds.map(({ id }) => id), manual = true) =>
    ingestFeeds(services)({ feeds: ids, manual, receiveCount: 1 }, invocation);
  const deliverFeeds = async () => {
    for (const message of stores.queues.feeds.splice(0))
      await ingestFeeds(services)({ ...message, receiveCount: 1 }, invocation);
  };
  const handle = (message: WakeUp) =>
    message.enrich === undefined ? only(message, invocation) : enrichPost(services)(message, invocation);
  const deliverWakeUps = async () => {
    for (const message of stores.queues.wakeUps.splice(0)) await handle(message);
  };
  const tick = () => pollFeeds(services)({ scheduledAt: state.now }, invocation);
  const minutes = async (n: number) => {
    for (let i = 0; i < n; i++) {
      state.now += minute;
      await tick();
      await deliverFeeds();
      await deliverWakeUps();
    }
  };

  const allRows = () => {
    stores.ledger.forget();
    return [...stores.ledger.rows.values()];
  };
  const rows = () => allRows().filter((row): row is EntryRow => row.type === 'entry');
  const sums = () =>
    Object.fromEntries(
      [...Map.groupBy(rows(), (row) => row.state)].map(([key, list]) => [key, list.length]),
    ) as Partial<Record<State, number>>;

  return {
    config,
    state,
    docs,
    posts,
    older,
    sent,
    asked,
    patches,
    events,
    stores,
    services,
    call: invocation,
    url: (id = 'newsroom') => config.feeds.find((feed) => feed.id === id)?.url ?? '',
    publish: (entries: Entry[] | Error, id = 'newsroom') =>
      docs.set(config.feeds.find((feed) => feed.id === id)?.url ?? '', entries),
    /** Sends a message to the only worker, which remembers earlier ones. */
    work: (message: WakeUp) => only(message, invocation),
    newWorker: () => {
      only = worker();
    },
    worker,
    poll,
    deliverFeeds,
    deliverWakeUps,
    tick,
    minutes,
    allRows,
    rows,
    sums,
    rowTitled: (title: string) => rows().find((row) => row.title === title),
    reported: (name: AppEvent['event']) => events.filter(({ event }) => event === name),
  };
};

export type World = ReturnType<typeof world>;
