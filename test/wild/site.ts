import { oneOf, type Random } from './random.ts';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

/** How a site writes its feed. */
export type Traits = {
  guid: 'opaque' | 'link' | 'none';
  /**
   * `midnight`: all dates have one time of day; `build`: when the document was made; `updated`: the last
   * edit.
   */
  date: 'time' | 'day' | 'midnight' | 'none' | 'build' | 'constant' | 'updated';
  /** `oldest-all`: every post of the site, oldest first. */
  order: 'newest' | 'oldest' | 'oldest-all' | 'shuffle';
  /** The sort key: the listed date, or the true time of publication. */
  sort: 'date' | 'born';
  /** How many posts the feed lists. */
  window: number;
  title: 'unique' | 'weekly' | 'short' | 'some' | 'two' | 'empty';
  text: 'long' | 'short' | 'boiler' | 'micro' | 'none';
  link: 'slug' | 'query' | 'query2' | 'shared' | 'root';
  host: string;
  /** Each rendering adds a new session number to every link. */
  session: boolean;
  /** Every fourth story is listed twice, with two guids. */
  twice: boolean;
};

/**
 * A post as it really is. `story` is its number, which the product never uses to recognize it. Times are
 * epoch milliseconds.
 */
export type Post = {
  story: number;
  slug: string;
  title: string | null;
  text: string;
  date: number;
  bornAt: number;
  updated?: number;
  /** Imported: published after the feed was added, but old. */
  notNews: boolean;
  pinned: boolean;
  deleted: boolean;
  /** The webhook does not report it. */
  noHook: boolean;
};

/** One of several feeds of a site. */
export type View = {
  /** Which posts this feed lists. */
  filter?: (post: Post) => boolean;
  window?: number;
  /** A query that this feed adds to every link. */
  param?: string;
  /** Titles contain no-break spaces. */
  typography?: boolean;
  /** Appended to every title, as a site name. */
  suffix?: string;
  /** Only the first 90 characters of each text. */
  excerpt?: boolean;
  /** The poll at which the feed is added. */
  from?: number;
};

/** An entry as listed in a document. `date`: epoch milliseconds. */
export type Listed = {
  story: number;
  guid: string | null;
  link: string | null;
  title: string | null;
  date: number | null;
  /** The date is written without a time. */
  dayOnly: boolean;
  text: string;
};

const words =
  'amber birch coral dune ember fjord grove heron inlet jade kelp larch maple nectar ocean pine quartz reef stone tide umber vale willow yarrow zephyr'.split(
    ' ',
  );

/** The text of a weekly or daily item, the same in each edition. */
export const boilerplate =
  'Welcome to another edition. Subscribe wherever you listen, and send your questions to the usual address by the end of the week.';

export const longText = (story: number | string, random: Random): string =>
  `Text of story ${story}: ${Array.from({ length: 16 }, () => oneOf(random, words)).join(' ')}.`;

const defaults: Traits = {
  guid: 'opaque',
  date: 'time',
  order: 'newest',
  sort: 'date',
  window: 10,
  title: 'unique',
  text: 'long',
  link: 'slug',
  host: 'https://www.example.org',
  session: false,
  twice: false,
};

const titleOf = (kind: Traits['title'], story: number, random: Random): string | null => {
  const word = () => oneOf(random, words);
  switch (kind) {
    case 'unique':
      return `${word()} ${word()} news ${story}`;
    case 'weekly':
      return 'Weekly round-up';
    case 'short':
      return oneOf(random, ['Sale', 'New', 'Sale!']);
    case 'some':
      return random() < 0.15 ? 'Opening hours' : `${word()} news ${story}`;
    case 'two':
      return oneOf(random, ['Weather', 'Quiz of the day']);
    default:
      return null;
  }
};

const textOf = (kind: Traits['text'], story: number, random: Random): string => {
  switch (kind) {
    case 'long':
      return longText(story, random);
    case 'short':
      return `Short ${story}`;
    case 'boiler':
      return boilerplate;
    case 'micro':
      return oneOf(random, ['Good morning!', 'Link in bio', `note ${story}`, `note ${story}`]);
    default:
      return '';
  }
};

const addressOf = ({ link, host }: Traits, linkEra: string, slug: string, id: string): string => {
  switch (link) {
    case 'query':
      return `${host}/article?id=${id}`;
    case 'query2':
      return `${host}/news/article?id=${id}`;
    case 'shared':
      return `${host}/status`;
    case 'root':
      return `${host}/`;
    default:
      return `${host}/${linkEra}blog/${slug}`;
  }
};

const withQuery = (link: string, query: string) => link + (link.includes('?') ? '&' : '?') + query;

const dateOf = ({ date }: Traits, post: Post, shiftMs: number, now: number): number | null => {
  const dayOf = Math.floor(post.date / day) * day;
  switch (date) {
    case 'none':
      return null;
    case 'day':
      return dayOf;
    case 'midnight':
      return dayOf - 2 * hour;
    case 'build':
      return now;
    case 'constant':
      return Date.UTC(2015, 5, 1);
    case 'updated':
      return post.updated ?? post.date;
    default:
      return post.date + shiftMs;
  }
};

/**
 * A publisher whose true stories are known: each post is one story, whatever happens to its title, link, date
 * and position. Everything about it may change while it is polled.
 */
export const siteOf = (given: Partial<Traits>, random: Random) => {
  const traits: Traits = { ...defaults, ...given };
  const posts: Post[] = [];
  /** `shiftMs`: the error of the site's clock; the eras are prefixes that a rebuild changes. */
  const state = { linkEra: '', guidEra: '', shiftMs: 0 };

  const publish = (bornAt: number, over: Partial<Post> = {}): Post => {
    const story = posts.length + 1;
    const title = over.title === undefined ? titleOf(traits.title, story, random) : over.title;
    const text = over.text ?? textOf(traits.text, story, random);
    const post: Post = {
      story,
      slug: `s${story}-${oneOf(random, words)}`,
      date: bornAt - Math.floor(random() * 40) * minute,
      bornAt,
      notNews: false,
      pinned: false,
      deleted: false,
      noHook: false,
      ...over,
      title,
      text,
    };
    posts.push(post);
    return post;
  };

  const visible = (): Post[] => posts.filter(({ deleted }) => !deleted);

  const inFeedOrder = (view: View, now: number): Post[] => {
    const by = traits.sort === 'born' ? 'bornAt' : 'date';
    const listed = visible()
      .filter((post) => post.bornAt <= now && (view.filter?.(post) ?? true))
      .sort((a, b) => b[by] - a[by] || b.story - a.story);
    const pinned = listed.filter((post) => post.pinned);
    const others = listed.filter((post) => !post.pinned);
    const room = Math.max(0, (view.window ?? traits.window) - pinned.length);
    const window = [...pinned, ...(traits.order === 'oldest-all' ? others : others.slice(0, room))];
    if (traits.order === 'oldest' || traits.order === 'oldest-all') window.reverse();
    if (traits.order === 'shuffle') window.sort(() => random() - 0.5);
    return window;
  };

  const linkOf = ({ slug }: Post, id: string, { param }: View): string => {
    const plain = addressOf(traits, state.linkEra, slug, id);
    const link = traits.session ? withQuery(plain, `sid=${Math.floor(random() * 1e9)}`) : plain;
    return param ? withQuery(link, param) : link;
  };

  const guidOf = (id: string, link: string): string | null => {
    if (traits.guid === 'none') return null;
    return traits.guid === 'link' ? link : `tag:example.org,2026:${state.guidEra}post-${id}`;
  };

  const titleIn = ({ title }: Post, { typography, suffix }: View): string | null => {
    if (!title) return title;
    const spaced = typography ? title.replaceAll(' ', '\u00a0') : title;
    return suffix ? `${spaced} | ${suffix}` : spaced;
  };

  const listedAs = (post: Post, view: View, now: number, copy: string): Listed => {
    const id = post.story + copy;
    const link = linkOf(post, id, view);
    return {
      story: post.story,
      guid: guidOf(id, link),
      link,
      title: titleIn(post, view),
      date: dateOf(traits, post, state.shiftMs, now),
      dayOnly: traits.date === 'day',
      text: view.excerpt ? post.text.slice(0, 90) : post.text,
    };
  };

  /**
   * What a feed lists at a time. Uses the site's random source if links contain sessions or the order is
   * random.
   */
  const render = (now: number, view: View = {}): Listed[] =>
    inFeedOrder(view, now).flatMap((post) => {
      const isTwice = traits.twice && post.story % 4 === 0;
      return (isTwice ? ['', '-b'] : ['']).map((copy) => listedAs(post, view, now, copy));
    });

  return { traits, state, posts, publish, visible, render };
};

export type Site = ReturnType<typeof siteOf>;
