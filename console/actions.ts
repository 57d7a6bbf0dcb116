import * as v from 'valibot';
import { titleOf } from '../cli/format-entry.ts';
import { fileWords, scopeWords } from '../cli/format-gate.ts';
import { feedNamed } from '../cli/verb.ts';
import { brandScope, type CircuitScope, feedScope } from '../lib/core/circuit/gate.ts';
import { brandsOf } from '../lib/core/config/row-owners.ts';
import { tellLesson } from '../lib/core/entries/memory/memory-words.ts';
import { AppError, permanent } from '../lib/core/errors.ts';
import type { EntryRow } from '../lib/core/ledger/row.ts';
import { allowedFrom, type Move } from '../lib/core/operator/moves.ts';
import { findEntries } from '../lib/jobs/operator/find-entries.ts';
import { type Moved, moveEntries, planLessons } from '../lib/jobs/operator/move-entries.ts';
import { pauseGate } from '../lib/jobs/operator/pause-posting.ts';
import { resumeGate } from '../lib/jobs/operator/resume-posting.ts';
import { feedPath } from './address.ts';
import type { House } from './house.ts';
import type { Notice } from './notices.ts';
import { plural } from './pieces.ts';
import { type Reply, seeOther } from './reply.ts';

/** What a form asked for. */
export type Action = (house: House, form: URLSearchParams) => Promise<Reply>;

const elsewhere = 'http://here.invalid';

/** Back to a page of ours, which then tells what was done: of the address only path and query count. */
const back = ({ notices }: House, path: string | null, notice: Notice): Reply => {
  const asked = path?.startsWith('/') ? URL.parse(path, elsewhere) : null;
  const url = asked ?? new URL('/', elsewhere);
  url.searchParams.set('notice', notices.keep(notice));
  return seeOther(`${url.pathname.replace(/^\/+/, '/')}${url.search}`);
};

const scopeOf = ({ place }: House, form: URLSearchParams): CircuitScope => {
  const asked = form.get('scope');
  const config = place.config();
  const brands = brandsOf(config).map(brandScope);
  const scopes: CircuitScope[] = ['all', ...brands, ...config.feeds.map(({ id }) => feedScope(id))];
  const scope = scopes.find((one) => one === asked);
  if (scope === undefined)
    throw permanent('console.bad-form', 'There is nothing of that name to pause or resume.');
  return scope;
};

/** With what feeds.yml says of it besides. */
const also = ({ place }: House, scope: CircuitScope, words: string): string => {
  const feed = place.config().feeds.find(({ id }) => feedScope(id) === scope);
  const inFile = feed ? fileWords(feed) : null;
  return inFile === null ? words : `${words} ${inFile}`;
};

export const pause: Action = async (house, form) => {
  const scope = scopeOf(house, form);
  await pauseGate({ gate: house.place.gate, clock: house.clock })(scope);
  const words = `${scopeWords(scope)} is paused. A draft that is being sent at this moment is finished; everything else waits.`;
  return back(house, form.get('back'), { words: also(house, scope, words), bad: false });
};

export const resume: Action = async (house, form) => {
  const scope = scopeOf(house, form);
  const { resumed } = await resumeGate({ gate: house.place.gate, clock: house.clock })(scope);
  const words = resumed
    ? `${scopeWords(scope)} is resumed: what waits goes out from the next minute on.`
    : `${scopeWords(scope)} was not paused.`;
  return back(house, form.get('back'), { words: also(house, scope, words), bad: false });
};

const Asked = v.object({
  key: v.pipe(v.string(), v.minLength(1), v.maxLength(2_000)),
  move: v.picklist(Object.keys(allowedFrom) as Move[]),
  postId: v.optional(
    v.pipe(v.string(), v.trim(), v.regex(/^\d{0,15}$/, 'the id of a draft is a whole number')),
    '',
  ),
});

const doneWords: Record<Move, string> = {
  release: 'is released: it becomes a draft',
  retry: 'is tried again',
  dismiss: 'is dismissed: no draft is made of it',
  confirm: 'is confirmed: its draft is there',
};

/** A person's move with one entry, over whatever has become of it since the page was made. */
export const move: Action = async (house, form) => {
  const asked = v.safeParse(Asked, Object.fromEntries(form));
  if (!asked.success)
    throw permanent('console.bad-form', `That form cannot be read: ${asked.issues[0].message}.`);
  const { key, move: name, postId } = asked.output;
  const row = await house.place.ledger.read(key);
  if (row?.type !== 'entry') throw permanent('entry.unknown', 'The ledger has no such entry any more.');
  return back(
    house,
    form.get('back'),
    await moveRow(house, row, name, postId === '' ? null : Number(postId)),
  );
};

const moveRow = async (house: House, row: EntryRow, name: Move, postId: number | null): Promise<Notice> => {
  const { place, by, clock } = house;
  const [moved] = await moveEntries({ ...place, config: place.config(), clock })([row], {
    move: name,
    by,
    postId,
  });
  if (moved?.refusal) return { words: moved.refusal.message, bad: true };
  return { words: `“${titleOf(row)}” ${doneWords[name]}.`, bad: false };
};

const AskedBatch = v.object({
  batch: v.pipe(v.string(), v.minLength(1), v.maxLength(500)),
  move: v.picklist(['release', 'dismiss']),
});

const batchWords = {
  release: 'released: drafts are made',
  dismiss: 'dismissed: no drafts are made',
};

/** Decides all that is still held in a batch. Throws permanent `batch.unknown`. */
export const decideBatch: Action = async (house, form) => {
  const asked = v.safeParse(AskedBatch, Object.fromEntries(form));
  if (!asked.success)
    throw permanent('console.bad-form', `That form cannot be read: ${asked.issues[0].message}.`);
  const { batch, move: name } = asked.output;
  const { place, by, clock } = house;
  const services = { ...place, config: place.config(), clock };
  const rows = await findEntries(services)({ batch, states: ['held'] });
  const lessons = name === 'release' ? await planLessons(services)(rows) : [];
  const moved = await moveEntries(services)(rows, { move: name, by });
  const learned = lessons.map(({ feed, lesson }) => `${feed} has learned: ${tellLesson(lesson)}.`);
  return back(house, form.get('back'), batchNotice(moved, { batch, name, learned }));
};

const batchNotice = (
  moved: Moved[],
  { batch, name, learned }: { batch: string; name: keyof typeof batchWords; learned: string[] },
): Notice => {
  const refused = moved.filter(({ refusal }) => refusal !== null);
  const done = moved.length - refused.length;
  if (moved.length === 0) return { words: `Nothing is held in batch ${batch} any more.`, bad: true };
  const parts = [
    `${plural(done, 'entry', 'entries')} of batch ${batch} ${done === 1 ? 'is' : 'are'} ${batchWords[name]}.`,
    ...(refused.length > 0 ? [`${refused.length} stay as they are: ${refused[0]?.refusal?.message}.`] : []),
    ...learned,
  ];
  return { words: parts.join(' '), bad: done === 0 };
};

/** Has a feed polled at once, politely. */
export const pollNow =
  (id: string): Action =>
  async (house) => {
    feedNamed(house.place.config().feeds, id);
    try {
      await house.place.sendFeeds([{ feeds: [id], manual: true }]);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return back(house, feedPath(id), { words: error.message, bad: true });
    }
    return back(house, feedPath(id), {
      words: `${id} is being polled: what it brings shows up here.`,
      bad: false,
    });
  };
