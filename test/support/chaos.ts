import type { CircuitScope } from '../../lib/core/circuit/circuit-row.ts';
import type { Entry } from '../../lib/core/entries/entry.ts';
import { AppError, retryable } from '../../lib/core/errors.ts';
import type { EntryRow, LedgerRow, WhenUncertain } from '../../lib/core/ledger/row.ts';
import type { Move } from '../../lib/core/operator/moves.ts';
import { ingestFeeds } from '../../lib/jobs/ingest/ingest-feeds.ts';
import { moveEntries, undoMoves } from '../../lib/jobs/operator/move-entries.ts';
import { pausePosting } from '../../lib/jobs/operator/pause-posting.ts';
import { resumePosting } from '../../lib/jobs/operator/resume-posting.ts';
import { allKeys, keysOf } from './candidates.ts';
import { stuck } from './crash-run.ts';
import { entryOf } from './entries.ts';
import { type Response, type World, world } from './world.ts';

/** An event. Numbers that pick from a list are taken modulo its length, so that every command applies. */
export type Command =
  | { do: 'publish'; feed: number; count: number }
  | { do: 'edit' | 'share' | 'withdraw'; feed: number; which: number }
  | { do: 'reorder' | 'shrink' | 'reissue' | 'poll'; feed: number }
  | { do: 'tick' | 'ingest' | 'rotate' }
  | { do: 'deliver'; which: number; worker: number }
  | { do: 'duplicate' | 'lose'; which: number }
  | { do: 'crash' | 'break store'; call: number; side: 'before' | 'after' }
  | { do: 'response'; response: Response; times: number }
  | { do: 'list'; works: boolean }
  | { do: 'wait'; minutes: number }
  | { do: 'wait years' }
  | { do: 'set clock back'; seconds: number }
  | { do: 'pause' | 'resume'; scope: CircuitScope }
  | { do: 'move'; move: Move | 'undo'; which: number };

const ids = ['newsroom', 'tag'] as const;
const minute = 60_000;
const day = 24 * 60 * minute;
const scope = (feed: string) => ({ feed, brand: 144, dedupe: 'brand', paired: false }) as const;

class Crash extends Error {}

/** Where the next invocation crashes or a store fails. */
type Harm = { kind: 'crash' | 'break store'; call: number; side: 'before' | 'after' };

type Item = { n: number; reissue: number; edit: number; published: string; sharedBy: number };

const entryFor = (feed: string, { n, reissue, edit, published }: Item): Entry =>
  entryOf({
    id: `${feed}-${n}-${reissue}`,
    link: `https://www.example.com/${n}/${reissue}`,
    title: `Story ${n}${edit ? `, edition ${edit}` : ''}`,
    published,
  });

const pick = <T>(list: readonly T[], which: number): T | undefined => list[which % (list.length || 1)];

/** Everything the commands act on: the pipeline, the publishers' windows, and what has been observed. */
const stage = (policy: WhenUncertain) => {
  const seen = {
    harm: null as Harm | null,
    calls: 0,
    dead: false,
    responses: [] as Response[],
    fetched: new Map<string, Entry[]>(),
    stored: [] as { feed: string; entry: Entry }[],
    confirmed: [] as { id: number; text: string }[],
    confirming: [] as { id: number; text: string }[],
    news: new Set<string>(),
    retried: new Map<string, number>(),
    broken: [] as string[],
    stories: 0,
    clockOffMs: 0,
    /** When years passed, and how many posts existed then; later rows do not know them. */
    forgotten: [] as { at: number; posts: number }[],
  };
  const strike = (side: Harm['side'], name: string) => {
    if (seen.dead) throw new Crash();
    const { harm } = seen;
    if (!harm || harm.side !== side || harm.call > seen.calls) return;
    if (harm.kind === 'break store') {
      if (!/^(ledger|feeds|circuits)\./.test(name)) return;
      seen.harm = null;
      throw retryable('ledger.unavailable', 'no answer');
    }
    seen.harm = null;
    seen.dead = true;
    throw new Crash();
  };
  const w: World = world(
    ids.map((id) => ({
      id,
      url: `https://www.example.com/${id}.xml`,
      whenUncertain: policy,
      caption: '{{ title }} {{ link }}',
    })),
    {
      before: (name, [post]) => {
        seen.calls += 1;
        strike('before', name);
        if (name === 'dash.create') noteSending(w, seen.broken, (post as { text?: string }).text ?? '');
      },
      after: (name, args, response) => {
        if (name === 'publisher.fetch') noteFetch(w, seen.fetched, (args[0] as { url: string }).url);
        if (name === 'feeds.save' && response) noteStored(seen, args[0] as { id: string; trouble: unknown });
        if (name === 'ledger.replace' && response) noteRetry(seen.retried, args[0] as LedgerRow);
        if (name === 'dash.create') {
          const { kind, postId } = response as { kind: string; postId?: number | null };
          if (kind === 'created' && postId)
            seen.confirming.push({ id: postId, text: String((args[0] as { text?: string }).text) });
        }
        strike('after', name);
      },
    },
  );
  const windows = new Map<string, Item[]>(ids.map((id) => [id, []]));
  return { w, seen, windows, workers: [w.worker(), w.worker()], received: new Map<object, number>() };
};

type Stage = ReturnType<typeof stage>;

const noteSending = (w: World, broken: string[], text: string) => {
  const row = w.rows().find(({ post }) => post?.text === text);
  const closed = [...w.stores.circuits.stored.values()].some(
    ({ by, scope: paused }) => by === 'person' && ['all', 'brand/144', `feed/${row?.feed}`].includes(paused),
  );
  if (closed) broken.push(`sent while posting was paused: ${text}`);
};

const noteFetch = (w: World, fetched: Map<string, Entry[]>, url: string) => {
  const feed = w.config.feeds.find((one) => one.url === url);
  const doc = w.docs.get(url) ?? [];
  if (feed && !(doc instanceof Error)) fetched.set(feed.id, doc);
};

const noteStored = (seen: Stage['seen'], { id, trouble }: { id: string; trouble: unknown }) => {
  if (trouble !== null) return;
  for (const entry of seen.fetched.get(id) ?? []) seen.stored.push({ feed: id, entry });
};

/** A manual retry counts once it is written, even if the worker dies before it knows. */
const noteRetry = (retried: Map<string, number>, row: LedgerRow) => {
  if (row.type !== 'entry' || !['move.retry', 'move.release'].includes(row.history.at(-1)?.code ?? ''))
    return;
  const before = row.history.slice(0, -1).findLast(({ state }) => state !== 'dismissed');
  if (before?.state === 'uncertain') retried.set(row.key, (retried.get(row.key) ?? 0) + 1);
};

/** Runs one invocation; returns true when it ended normally, otherwise its message is redelivered. */
const invoke = async ({ w, seen, workers }: Stage, work: () => Promise<unknown>): Promise<boolean> => {
  seen.calls = 0;
  seen.confirming = [];
  seen.fetched.clear();
  try {
    await work();
    seen.confirmed.push(...seen.confirming);
    return true;
  } catch (error) {
    const ours = error instanceof AggregateError ? error.errors : [error];
    if (!ours.every((one) => one instanceof Crash || one instanceof AppError)) throw error;
    if (seen.dead) workers.splice(0, workers.length, w.worker(), w.worker());
    return false;
  } finally {
    seen.dead = false;
  }
};

const show = ({ w, windows }: Stage, feed: string) =>
  w.publish(
    (windows.get(feed) ?? []).map((item) => entryFor(feed, item)),
    feed,
  );

const add = (s: Stage, feed: string) => {
  s.seen.stories += 1;
  const item = {
    n: s.seen.stories,
    reissue: 0,
    edit: 0,
    published: new Date(s.w.state.now + s.seen.clockOffMs + s.seen.stories).toISOString(), // by its publisher's clock
    sharedBy: 1,
  };
  s.windows.get(feed)?.unshift(item);
  if (s.w.stores.feedStore.memory.feeds.get(feed)?.facts) s.seen.news.add(`Story ${item.n}`);
};

const changeWindow = (s: Stage, command: Extract<Command, { feed: number }>) => {
  const feed = pick(ids, command.feed) ?? ids[0];
  const items = s.windows.get(feed) ?? [];
  const found = 'which' in command ? pick(items, command.which) : undefined;
  switch (command.do) {
    case 'publish':
      for (let i = 0; i < command.count; i++) add(s, feed);
      break;
    case 'edit':
      if (found) items[items.indexOf(found)] = { ...found, edit: found.edit + 1 };
      break;
    case 'withdraw':
      if (found) items.splice(items.indexOf(found), 1);
      break;
    case 'share': {
      const other = feed === ids[0] ? ids[1] : ids[0];
      const theirs = s.windows.get(other) ?? [];
      if (found && !theirs.some(({ n }) => n === found.n)) theirs.unshift({ ...found });
      if (found) s.seen.news.delete(`Story ${found.n}`); // an entry that the other feed considers old may stay so
      show(s, other);
      break;
    }
    case 'reorder':
      items.push(...items.splice(0, 1));
      break;
    case 'shrink':
      items.length = Math.ceil(items.length / 2);
      break;
    case 'reissue':
      items.splice(0, items.length, ...items.map((item) => ({ ...item, reissue: item.reissue + 1 })));
      break;
  }
  show(s, feed);
};

const ingest = async (s: Stage, message = s.w.stores.queues.feeds.shift()) => {
  if (!message) return;
  const receiveCount = (s.received.get(message) ?? 0) + 1;
  s.received.set(message, receiveCount);
  const ended = await invoke(s, () => ingestFeeds(s.w.services)({ ...message, receiveCount }, s.w.call));
  if (!ended) s.w.stores.queues.feeds.push(message);
};

const deliver = async (s: Stage, which: number, worker: number) => {
  const { wakeUps } = s.w.stores.queues;
  const [message] = wakeUps.splice(which % (wakeUps.length || 1), 1);
  if (!message) return;
  s.w.state.response = s.seen.responses[0] ?? 'created';
  const before = s.w.sent.length;
  const ended = await invoke(s, async () => pick(s.workers, worker)?.(message, s.w.call));
  if (!ended) wakeUps.push(message);
  if (s.w.sent.length > before) s.seen.responses.shift();
};

const pause = (s: Stage, target: CircuitScope) => invoke(s, () => pausePosting(s.w.services, target));
const resume = (s: Stage, target: CircuitScope) => invoke(s, () => resumePosting(s.w.services, target));

/** A manual move, based on an older copy of the row; a move that its state does not allow is refused. */
const move = async (s: Stage, what: Move | 'undo', which: number) => {
  const row = pick(s.w.rows(), which);
  const by = 'a person';
  if (row)
    await invoke(s, () =>
      what === 'undo'
        ? undoMoves(s.w.services, [row], { by })
        : moveEntries(s.w.services, [row], { move: what, by }),
    );
};

/** Clocks may differ by two minutes in total; a look-up that allowed more would match older posts. */
const setClockBack = ({ w, seen }: Stage, wanted: number) => {
  const ms = Math.min(wanted, 2 * minute - seen.clockOffMs);
  seen.clockOffMs += ms;
  w.state.now -= ms;
  for (const post of w.posts) post.at -= ms; // our clock is wrong, not theirs
};

/** Waits longer than a finished row is kept: ticks continue, but queues deliver nothing. */
const waitYears = async (s: Stage) => {
  const { w, seen } = s;
  const { feeds, wakeUps } = w.stores.queues;
  seen.forgotten.push({ at: w.state.now + day, posts: w.posts.length });
  for (let stride = 0; stride < 3; stride++) {
    w.state.now += 300 * day + 437 * minute;
    while (!(await invoke(s, w.tick))) w.state.now += minute;
    feeds.length = 0;
    wakeUps.length = 0;
  }
  Object.assign(seen, { stored: [], confirmed: [] });
  seen.news.clear();
};

const duplicate = ({ w }: Stage, which: number) => {
  const message = pick(w.stores.queues.wakeUps, which);
  if (message) w.stores.queues.wakeUps.push({ ...message });
};

const act = async (s: Stage, command: Command): Promise<unknown> => {
  const { w, seen } = s;
  switch (command.do) {
    case 'poll':
      return ingest(s, { feeds: [pick(ids, command.feed) ?? ids[0]], manual: true });
    case 'tick':
      return invoke(s, w.tick);
    case 'ingest':
      return ingest(s);
    case 'deliver':
      return deliver(s, command.which, command.worker);
    case 'duplicate':
      return duplicate(s, command.which);
    case 'lose':
      return w.stores.queues.wakeUps.splice(command.which, 1);
    case 'crash':
    case 'break store':
      seen.harm = { kind: command.do, call: command.call, side: command.side };
      return;
    case 'response':
      return seen.responses.push(...Array<Response>(command.times).fill(command.response));
    case 'rotate':
      w.state.token = !w.state.token;
      return;
    case 'list':
      w.state.lists = command.works;
      return;
    case 'wait':
      w.state.now += command.minutes * minute;
      return;
    case 'wait years':
      return waitYears(s);
    case 'set clock back':
      return setClockBack(s, command.seconds * 1_000);
    case 'pause':
      return pause(s, command.scope);
    case 'resume':
      return resume(s, command.scope);
    case 'move':
      return move(s, command.move, command.which);
    default:
      return changeWindow(s, command);
  }
};

const isAtRest = ({ w }: Stage) =>
  w.stores.queues.wakeUps.length + w.stores.queues.feeds.length === 0 &&
  w.rows().every(({ wakeAt }) => wakeAt === null);

/** Lets everything work again and runs until nothing is left to do, with a tick a minute or less often. */
const toRest = async (s: Stage) => {
  const { w } = s;
  Object.assign(s.seen, { harm: null, responses: [] });
  Object.assign(w.state, { token: true, lists: true });
  for (const target of ['all', 'brand/144', 'feed/newsroom', 'feed/tag'] as const) await resume(s, target);
  for (let turn = 0; turn < 60; turn++) {
    w.state.now += turn < 3 ? minute : 11 * minute;
    await act(s, { do: 'tick' });
    while (w.stores.queues.feeds.length > 0) await ingest(s);
    while (w.stores.queues.wakeUps.length > 0) await deliver(s, 0, turn);
    if (turn > 2 && isAtRest(s)) return;
  }
};

const endOf = (w: World, key: string, hops = 0): EntryRow | null => {
  const row = w.stores.ledger.rows.get(key);
  if (row?.type === 'entry') return row;
  return row?.type === 'pointer' && hops < 20 ? endOf(w, row.owner, hops + 1) : null;
};

const lost = ({ w, seen }: Stage): string[] =>
  seen.stored.flatMap(({ feed, entry }) => {
    const keys = allKeys(keysOf(entry, scope(feed)));
    return keys.every((key) => endOf(w, key)) ? [] : [`lost: ${entry.title} of ${feed} has no row`];
  });

const notStored = ({ w, seen }: Stage): string[] =>
  ids.flatMap((feed) => {
    const doc = w.docs.get(w.url(feed)) ?? [];
    if (doc instanceof Error) return [];
    const stored = new Set(seen.stored.filter((one) => one.feed === feed).map(({ entry }) => entry.id));
    return doc.filter(({ id }) => !stored.has(id)).map(({ id }) => `never stored: ${id} of ${feed}`);
  });

const doubled = ({ w, seen }: Stage, policy: WhenUncertain): string[] =>
  w.rows().flatMap((row) => {
    const before = seen.forgotten.findLast(({ at }) => at <= row.seenAt)?.posts ?? 0;
    const posts = w.posts.slice(before).filter(({ post }) => post.text === row.post?.text).length;
    const asked = seen.retried.get(row.key) ?? 0;
    const broken: string[] = [];
    if (posts > 1 + row.mayBeTwice)
      broken.push(`doubled: ${row.title} has ${posts} posts without recording it`);
    if (policy !== 'retry' && row.mayBeTwice > asked)
      broken.push(`sent again under ${policy}, without a manual retry: ${row.title}`);
    if (row.state === 'drafted' && posts === 0 && !row.history.some(({ code }) => code === 'move.confirm'))
      broken.push(`drafted without a post: ${row.title}`);
    if (row.state === 'baselined' && posts > 0) broken.push(`an old entry was posted: ${row.title}`);
    return broken;
  });

const forgotten = ({ w, seen }: Stage): string[] =>
  seen.confirmed.flatMap(({ id, text }) => {
    const row = w.rows().find(({ post }) => post?.text === text);
    return row?.postId === id || row?.alsoPosted.includes(id) ? [] : [`post ${id} is on no row: ${text}`];
  });

const passedOver = ({ w, seen }: Stage): string[] =>
  w
    .rows()
    .filter(({ title, state }) => state === 'baselined' && seen.news.has(title ?? ''))
    .map(({ title }) => `baselined although new: ${title}`);

const twins = ({ w }: Stage): string[] => {
  const rows = Map.groupBy(w.rows(), ({ post }) => post?.text);
  return [...rows].flatMap(([text, same]) => (same.length > 1 ? [`${same.length} rows for ${text}`] : []));
};

/** Runs the commands, brings everything to rest and returns the broken promises. */
export const live = async (policy: WhenUncertain, commands: readonly Command[]): Promise<string[]> => {
  const s = stage(policy);
  for (const command of commands) await act(s, command);
  await toRest(s);
  const wrong = s.w.reported('poll.count-mismatch').map(() => 'a count mismatch');
  return [
    ...s.seen.broken,
    ...wrong,
    ...s.w.rows().flatMap(stuck),
    ...lost(s),
    ...notStored(s),
    ...doubled(s, policy),
    ...forgotten(s),
    ...passedOver(s),
    ...twins(s),
  ];
};
