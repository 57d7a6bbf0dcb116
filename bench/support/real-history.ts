import { readFileSync } from 'node:fs';
import { readEntries } from '../../test/wild/documents.ts';
import { ourProduct } from '../../test/wild/our-product.ts';
import type { MakeProduct } from '../../test/wild/play.ts';
import { day, type Listed } from '../../test/wild/site.ts';
import type { Outcome } from '../../test/wild/truth.ts';

/** A recorded entry: `text` is the length and hash of its text. */
type KeptEntry = {
  guid: string | null;
  link: string | null;
  title: string | null;
  published: string | null;
  updated: string | null;
  text: [length: number, hash: string] | null;
};

/**
 * One feed over time. `entries` are distinct; `versions` are documents as indexes into them, with the time of their
 * commit. A long history is reduced to runs, each of which is read as a separate feed.
 */
type KeptHistory = {
  id: string;
  entries: KeptEntry[];
  versions: { at: string; run?: number; error?: string; entries: number[] }[];
};

export const columns = [
  'first',
  'drafts',
  'held',
  'base',
  'double',
  'dlink',
  'dtitle',
  'old',
  'lost',
  'heldNews',
  'heldDup',
] as const;
/**
 * The outcomes of a history's entries after the first poll. Suspects among the drafts: `double` (title and text, title
 * and date, path and title, or the guid of an earlier entry), `dlink` and `dtitle` (only the link, only the title),
 * `old` (dated before the oldest entry of the first version, or a month before the newest, or before the poll). `lost`:
 * known or baselined although guid, link and title are new and the date is recent. Suspects may be correct.
 */
type Tally = Record<(typeof columns)[number], number>;

export type Suspect = { poll: number; kind: string; entry: Listed; as: Listed | null };

export type Replayed = { tally: Tally; suspects: Suspect[]; broken: string[] };

export const readHistory = (file: string): KeptHistory => JSON.parse(readFileSync(file, 'utf8'));

/** A substitute text: equal for equal recorded texts, and of similar length. */
const pseudoText = ([length, hash]: [number, string]): string =>
  `t${hash} `
    .repeat(8)
    .slice(0, Math.min(Math.max(length, 6), 100))
    .trim();

const listedOf = ({ guid, link, title, published, updated, text }: KeptEntry, story: number): Listed => {
  const date = published ?? updated;
  return {
    story,
    guid,
    link,
    title,
    dayOnly: false,
    date: date === null ? null : Date.parse(date),
    text: text === null ? '' : pseudoText(text),
  };
};

const looseText = (text: string | null): string | null =>
  (text ?? '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim() || null;

const looseLink = (link: string | null): string | null =>
  link
    ?.replace(/^https?:\/\/(www\.)?/i, '')
    .replace(/#.*$/, '')
    .replace(/\/(index\.html?)?$/, '')
    .toLowerCase() ?? null;

const pathOf = (link: string | null): string | null =>
  looseLink(link)
    ?.replace(/^[^/]*/, '')
    .replace(/\?.*$/, '') || null;

type Traits = Record<'guid' | 'link' | 'title' | 'titleText' | 'titleDate' | 'pathTitle', string | null>;

/** Loose equality, as a reader might see it; only used to find suspects. */
const traitsOf = ({ guid, link, title, date, text }: Listed): Traits => {
  const name = looseText(title);
  const path = pathOf(link);
  return {
    guid,
    link: looseLink(link),
    title: name,
    titleText: name && text.length >= 20 ? `${name}|${text}` : null,
    titleDate: name && date !== null ? `${name}|${date}` : null,
    pathTitle: path && name ? `${path}|${name}` : null,
  };
};

const traitNames = ['guid', 'link', 'title', 'titleText', 'titleDate', 'pathTitle'] as const;

/** The first entry with each trait. */
const memory = () => {
  const bearers = new Map<string, Listed>();
  return {
    find: (traits: Traits, ...names: (keyof Traits)[]): Listed | null => {
      const found = names.map((name) => traits[name] !== null && bearers.get(`${name} ${traits[name]}`));
      return found.find(Boolean) || null;
    },
    add: (entry: Listed): void => {
      const traits = traitsOf(entry);
      for (const name of traitNames) {
        const key = `${name} ${traits[name]}`;
        if (traits[name] !== null && !bearers.has(key)) bearers.set(key, entry);
      }
    },
  };
};

type Memory = ReturnType<typeof memory>;

/** Whether another entry of a document has the guid, the link or the title of this one. */
const twinsIn = (listed: Listed[]) => {
  const keysOf = (entry: Listed): string[] => {
    const traits = traitsOf(entry);
    return (['guid', 'link', 'title'] as const).flatMap((name) =>
      traits[name] ? [`${name} ${traits[name]}`] : [],
    );
  };
  const bearers = new Map<string, number>();
  for (const key of listed.flatMap(keysOf)) bearers.set(key, (bearers.get(key) ?? 0) + 1);
  return (entry: Listed): boolean => keysOf(entry).some((key) => (bearers.get(key) ?? 0) > 1);
};

/** The dates of the first version. */
type Start = { at: number; oldest: number | null; newest: number | null };

const startOf = (entries: Listed[], at: number): Start => {
  const dates = entries.flatMap(({ date }) => date ?? []);
  if (dates.length === 0) return { at, oldest: null, newest: null };
  return { at, oldest: Math.min(...dates), newest: Math.max(...dates) };
};

const isOld = ({ date }: Listed, start: Start, now: number): boolean =>
  date !== null &&
  ((start.oldest !== null && date < start.oldest) ||
    (start.newest !== null && date < start.newest - 30 * day) ||
    date < now - 30 * day);

const isFresh = ({ date }: Listed, start: Start, now: number): boolean =>
  date !== null && date > start.at && date > now - 30 * day;

const doubles = ['titleText', 'titleDate', 'pathTitle', 'guid'] as const;

/** One entry of a version, its outcome, and the earlier entries. */
type Case = {
  entry: Listed;
  outcome: Outcome | undefined;
  hasTwin: boolean;
  past: Memory;
  start: Start;
  now: number;
};

const suspectDraft = ({ entry, past, start, now }: Case): string[] => {
  const traits = traitsOf(entry);
  const like = past.find(traits, ...doubles)
    ? ['double']
    : past.find(traits, 'link')
      ? ['dlink']
      : past.find(traits, 'title')
        ? ['dtitle']
        : [];
  return isOld(entry, start, now) ? [...like, 'old'] : like;
};

const suspectHeld = ({ entry, past, start }: Case): string[] => {
  if (past.find(traitsOf(entry), ...doubles, 'link')) return ['heldDup'];
  return entry.date !== null && entry.date > start.at ? ['heldNews'] : [];
};

/** Nothing similar existed before or is in the same document, where a twin is correctly merged. */
const suspectLost = ({ entry, hasTwin, past, start, now }: Case): string[] => {
  const traits = traitsOf(entry);
  const isKnown = hasTwin || past.find(traits, ...traitNames);
  return !isKnown && (traits.guid || traits.link || traits.title) && isFresh(entry, start, now)
    ? ['lost']
    : [];
};

const kindsOf = (one: Case): string[] => {
  switch (one.outcome?.state) {
    case 'queued':
      return ['drafts', ...suspectDraft(one)];
    case 'held':
      return ['held', ...suspectHeld(one)];
    case 'baselined':
      return ['base', ...suspectLost(one)];
    default:
      return suspectLost(one);
  }
};

const plainKinds: ReadonlySet<string> = new Set(['drafts', 'base']);

const noTally = (): Tally => Object.fromEntries(columns.map((column) => [column, 0])) as Tally;

/** Compares each entry of a version with the past. */
const judgeVersion = (listed: Listed[], outcomes: Outcome[], past: Memory, start: Start, now: number) => {
  const ofStory = new Map(outcomes.map((one) => [one.story, one]));
  const hasTwin = twinsIn(listed);
  return listed.flatMap((entry) => {
    const outcome = ofStory.get(entry.story);
    const kinds = kindsOf({ entry, outcome, hasTwin: hasTwin(entry), past, start, now });
    const as = past.find(traitsOf(entry), ...doubles, 'link', 'title');
    return kinds.map((kind) => ({ kind: kind as keyof Tally, code: outcome?.code ?? 'known', entry, as }));
  });
};

const replayRun = async (
  { entries }: KeptHistory,
  versions: KeptHistory['versions'],
  makeProduct: MakeProduct,
): Promise<Replayed> => {
  const feed = { id: 'f0' };
  const product = makeProduct({ feeds: [feed], webhook: false, seed: 1, isNews: () => false });
  const past = memory();
  const found: Replayed = { tally: noTally(), suspects: [], broken: [] };
  let start: Start | null = null;
  let stories = 0;
  for (const [poll, version] of versions.entries()) {
    const now = Date.parse(version.at);
    const listed = version.entries.flatMap((i) => (entries[i] ? [listedOf(entries[i], ++stories)] : []));
    const outcomes = await product.poll(feed, { entries: listed }, now);
    for (const { kind, code, ...one } of start ? judgeVersion(listed, outcomes, past, start, now) : []) {
      found.tally[kind] += 1;
      if (!plainKinds.has(kind)) found.suspects.push({ poll, kind: `${kind} ${code}`, ...one });
    }
    if (!start) found.tally.first += listed.length;
    start ??= startOf(listed, now);
    for (const entry of listed) past.add(entry);
  }
  return { ...found, broken: product.broken() };
};

/** The runs of a history, each read as a separate feed. Unreadable versions are left out. */
export const replay = async (
  history: KeptHistory,
  makeProduct: MakeProduct = ourProduct({ documents: readEntries }),
): Promise<Replayed> => {
  const readable = history.versions.filter(({ error }) => error === undefined);
  const runs = [...Map.groupBy(readable, ({ run = 0 }) => run).values()].filter(({ length }) => length > 1);
  const sum: Replayed = { tally: noTally(), suspects: [], broken: [] };
  for (const versions of runs) {
    const { tally, suspects, broken } = await replayRun(history, versions, makeProduct);
    for (const column of columns) sum.tally[column] += tally[column];
    sum.suspects.push(...suspects);
    sum.broken.push(...broken);
  }
  return sum;
};
