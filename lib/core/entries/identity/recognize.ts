import { indexKnown, type KnownFacts, type KnownIndex } from '../memory/known-entries.ts';
import { agree, agreeInDate, atOdds, isEditOf } from './agreement.ts';
import type { Facts } from './facts.ts';
import type { ListedEntry } from './identified-entry.ts';
import { type FactName, type SharedFacts, sharedFacts } from './shared-facts.ts';

/** The fact by which an entry was recognized as a known story. */
type RecognizedBy =
  | 'guid'
  | 'link'
  | 'page-and-title'
  | 'title-and-date'
  | 'text-and-date'
  | 'link-and-date'
  | 'title-and-text';

export type Recognized = { known: KnownFacts; by: RecognizedBy };

/** The entries of a document, recognized among the stories that its feed has shown. */
export type Recognition = {
  recognized: ReadonlyMap<ListedEntry, Recognized>;
  /** Ledger keys of the known stories in this document. */
  present: ReadonlySet<string>;
  /** Unknown, but with the title of a single known story that lost its place and may have become this entry. */
  looksLike: ReadonlyMap<ListedEntry, KnownFacts>;
  /** Unknown, but with the title of a single known story that is gone from this document. */
  resembles: ReadonlyMap<ListedEntry, KnownFacts>;
  shared: SharedFacts;
};

type Window = {
  /** The dates in the document carry no information. */
  undated: boolean;
  /** The oldest date of the document, in list order. */
  oldest: number | null;
};

/** The state of the search; the maps are filled as it proceeds. */
type Search = Window & {
  index: KnownIndex;
  /** The current facts of each story; facts from before an edit recognize it, and count for nothing else. */
  latest: ReadonlySet<KnownFacts>;
  shared: SharedFacts;
  recognized: Map<ListedEntry, Recognized>;
  present: Set<string>;
  looksLike: Map<ListedEntry, KnownFacts>;
  resembles: Map<ListedEntry, KnownFacts>;
};

/**
 * Recognizes the entries of a document among the known stories of its feed (docs/decisions/0016-sameness.md): by guid,
 * then by a link used as one, then by the other facts that identify a story within a feed.
 */
export const recognize = (
  entries: readonly ListedEntry[],
  known: readonly KnownFacts[],
  window: Window,
): Recognition => {
  const search: Search = {
    ...window,
    index: indexKnown(known),
    latest: new Set(new Map(known.map((one) => [one.story, one])).values()),
    shared: sharedFacts(entries.map(({ facts }) => facts)),
    recognized: new Map(),
    present: new Set(),
    looksLike: new Map(),
    resembles: new Map(),
  };
  for (const rule of [byGuid, byWeakGuid, byOtherFacts])
    for (const entry of entries) {
      const found = search.recognized.has(entry) ? null : rule(search, entry);
      if (!found) continue;
      search.recognized.set(entry, found);
      search.present.add(found.known.story);
    }
  return search;
};

type Rule = (search: Search, entry: ListedEntry) => Recognized | null;

const candidates = ({ index, shared }: Search, facts: Facts, name: FactName): readonly KnownFacts[] =>
  shared(facts, name) ? [] : index(facts, name);

const by = (fact: RecognizedBy, known: KnownFacts | undefined | null): Recognized | null =>
  known ? { known, by: fact } : null;

const isGone = ({ present }: Search, { story }: KnownFacts): boolean => !present.has(story);

/** The document is long enough to show the story, so if it is gone, it was edited or removed and did not slide out. */
const wouldBeShown = ({ undated, oldest }: Search, { facts: { date } }: KnownFacts): boolean =>
  undated || date === null || (oldest !== null && date >= oldest);

const onlyStoryOf = (found: readonly KnownFacts[]): KnownFacts | null =>
  new Set(found.map(({ story }) => story)).size === 1 ? (found[0] as KnownFacts) : null;

const byGuid: Rule = (search, { facts }) => by('guid', candidates(search, facts, 'guid')[0]);

const byWeakGuid: Rule = (search, { facts }) => {
  const dated = search.undated ? { ...facts, date: null } : facts;
  const isIt = (known: KnownFacts) => isGone(search, known) && isEditOf(dated, known.facts, search.oldest);
  return by('link', candidates(search, facts, 'weakGuid').find(isIt));
};

const byOtherFacts: Rule = (search, entry) => {
  const { facts } = entry;
  return byPageAndTitle(search, facts) ?? byExactDate(search, facts) ?? byTitleAndText(search, entry);
};

const byPageAndTitle = (search: Search, facts: Facts): Recognized | null => {
  const isIt = (known: KnownFacts): boolean => {
    if (!isGone(search, known) || !agree(facts, known.facts)) return false;
    if (known.reissued || agreeInDate(facts, known.facts)) return true;
    if (search.undated || facts.date === null || known.facts.date === null) return true;
    return !atOdds(facts, known.facts) && wouldBeShown(search, known);
  };
  return by('page-and-title', candidates(search, facts, 'pageAndTitle').find(isIt));
};

const byExactDate = (search: Search, facts: Facts): Recognized | null => {
  if (facts.dayOnly || search.undated) return null;
  const find = (name: FactName) => candidates(search, facts, name).find((known) => isGone(search, known));
  return (
    by('title-and-date', find('titleAndDate')) ??
    by('text-and-date', find('textAndDate')) ??
    by('link-and-date', find('linkAndDate'))
  );
};

const byTitleAndText = (search: Search, entry: ListedEntry): Recognized | null => {
  const { facts } = entry;
  const found = candidates(search, facts, 'titleAndText');
  const gone = found.filter((known) => isGone(search, known));
  const isUndated = search.undated || facts.date === null;
  const isIt = (known: KnownFacts) => known.reissued || isUndated || wouldBeShown(search, known);
  const known = gone.find(isIt) ?? (isUndated ? byShortText(search, facts) : null);
  if (!known) noteResemblance(search, entry, onlyStoryOf(found) && gone.at(-1));
  return by('title-and-text', known);
};

/** Both undated: a text of any length, if a single known story has it and is gone. */
const byShortText = (search: Search, facts: Facts): KnownFacts | null => {
  if (facts.text === null) return null;
  const found = candidates(search, facts, 'title').filter(
    (known) => known.facts.text === facts.text && known.facts.date === null,
  );
  const only = onlyStoryOf(found);
  return only && isGone(search, only) ? only : null;
};

/** The title alone never identifies an entry, but if it belongs to a single story that is gone, it is noted. */
const noteResemblance = (search: Search, entry: ListedEntry, byText: KnownFacts | null | undefined): void => {
  if (byText) search.resembles.set(entry, byText);
  const bearers = candidates(search, entry.facts, 'title').filter((known) => search.latest.has(known));
  const only = onlyStoryOf(bearers);
  if (!only || !isGone(search, only)) return;
  search.resembles.set(entry, only);
  const mayHaveBecome = entry.facts.guid === null || only.facts.guid !== null;
  if (only.facts.date !== null && wouldBeShown(search, only) && mayHaveBecome)
    search.looksLike.set(entry, only);
};
