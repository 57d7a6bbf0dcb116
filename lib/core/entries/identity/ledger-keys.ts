import { hash } from 'node:crypto';
import { normalizeGuid } from '../normalize/normalize-guid.ts';
import { normalizeLink } from '../normalize/normalize-link.ts';
import type { NormalEntry } from './facts.ts';
import type { IdentifiedEntry } from './identified-entry.ts';
import { formerRules, rulesVersion } from './rules-version.ts';
import type { SharedFacts } from './shared-facts.ts';

/** The scope of an entry's keys: its feed and, for most of them, its brand. */
export type KeyScope = {
  feed: string;
  brand: number;
  /** `feed`: the same story in another feed of the brand is another entry. */
  dedupe: 'brand' | 'feed';
  /** The feed has a webhook, so the link alone joins their entries. */
  paired: boolean;
};

/**
 * A key that several stories may share; whether two of them are the same is decided by the facts stored with its row.
 */
type ConditionalKey = { kind: ConditionalKind; key: string };
export type ConditionalKind =
  | 'link'
  | 'link-and-title'
  | 'guid-and-title'
  | 'page-and-title'
  | 'title-and-date';

/** The keys of an entry in the ledger. */
export type LedgerKeys = {
  /** The key that may own its row: by its guid, or without one by all of its facts. */
  own: string;
  /** Its own keys under earlier versions of the rules, which are looked up but never written. */
  former: readonly string[];
  conditional: readonly ConditionalKey[];
  /** The key of the row that joins a feed and its webhook by the link alone. */
  pair: string | null;
};

/** Bytes of the hash in a key: 168 bits, as 28 characters. */
export const storyBytes = 21;
const ownPrefix = 'entry-';

const digest = (parts: readonly unknown[], version: number): string =>
  Buffer.from(hash('sha256', JSON.stringify([version, ...parts]), 'buffer').subarray(0, storyBytes)).toString(
    'base64url',
  );

const keyOf = (kind: string, parts: readonly unknown[]): string =>
  `${kind}-${digest([kind, ...parts], rulesVersion)}`;

const ownKey = (feed: string, parts: readonly unknown[], version = rulesVersion): string =>
  ownPrefix + digest([feed, ...parts], version);

/** The bytes of an own key, and back. */
export const storyOfKey = (key: string): Buffer => Buffer.from(key.slice(ownPrefix.length), 'base64url');
export const keyOfStory = (story: Buffer): string => ownPrefix + story.toString('base64url');

/** The key under which a feed's entry with this guid is stored; null for an empty text. */
export const guidKey = (feed: string, guid: string): string | null => {
  const normal = normalizeGuid(guid);
  return normal === null ? null : ownKey(feed, ['guid', normal]);
};

/** The key of the pointer that finds a feed's entries without a guid by their link. */
export const linkKey = (feed: string, link: string): string | null => {
  const normal = normalizeLink(link);
  return normal === null ? null : keyOf('link', [feed, normal.link]);
};

type Named = { kind: ConditionalKind; isBorne: boolean; parts: readonly unknown[] };

const conditionalKeys = (
  { normal, facts }: IdentifiedEntry,
  { feed, brand, dedupe }: KeyScope,
  shared: SharedFacts,
): ConditionalKey[] => {
  const { guid, link, title, date, dayOnly } = normal;
  const scope = dedupe === 'feed' ? `feed ${feed}` : `brand ${brand}`;
  const hasTime = date !== null && !dayOnly;
  const all: Named[] = [
    { kind: 'link', isBorne: guid === null && !shared(facts, 'link'), parts: [feed, link?.link] },
    {
      kind: 'guid-and-title',
      isBorne: title !== null && !shared(facts, 'guid'),
      parts: [scope, guid, title],
    },
    {
      kind: 'link-and-title',
      isBorne: title !== null && (link?.query.length ?? 0) > 0 && !shared(facts, 'linkAndTitle'),
      parts: [scope, link?.link, title],
    },
    {
      kind: 'page-and-title',
      isBorne: title !== null && !shared(facts, 'pageAndTitle'),
      parts: [scope, link?.page, title],
    },
    {
      kind: 'title-and-date',
      isBorne: title !== null && hasTime && !shared(facts, 'titleAndDate'),
      parts: [scope, link?.host, title, date],
    },
  ];
  return all
    .filter(({ isBorne, parts }) => isBorne && parts.every((part) => part !== null && part !== undefined))
    .map(({ kind, parts }) => ({ kind, key: keyOf(kind, parts) }));
};

const ownKeyOf = (
  { guid, link, title, date, text }: NormalEntry,
  { feed }: KeyScope,
  guidIsShared: boolean,
  version?: number,
): string =>
  guid !== null && !guidIsShared
    ? ownKey(feed, ['guid', guid], version)
    : ownKey(feed, ['content', link?.link ?? null, title, date, text], version);

/**
 * The keys of an entry. `shared`: the facts that two entries in its document share, which are not used for keys.
 * `former`: the rules of earlier releases.
 */
export const ledgerKeys = (
  one: IdentifiedEntry,
  scope: KeyScope,
  shared: SharedFacts,
  former = formerRules,
): LedgerKeys => {
  const { entry, feedTitle, normal, facts } = one;
  const isShared = shared(facts, 'guid');
  return {
    own: ownKeyOf(normal, scope, isShared),
    former: former.map(({ version, normalize }) =>
      ownKeyOf(normalize(entry, feedTitle), scope, isShared, version),
    ),
    conditional: conditionalKeys(one, scope, shared),
    pair:
      scope.paired && normal.link && !shared(facts, 'link')
        ? keyOf('pair', [scope.feed, normal.link.link])
        : null,
  };
};
